import { useServerNow } from '@gatehouse/client/tanstack';
import type { OwnedSession } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { Badge } from '../../shared/badge.tsx';
import { DeviceName, useDescribeDevice } from '../../shared/device-name.tsx';
import type { DataColumn } from '../../shared/table/data-column.ts';
import { TimeAgo } from '../../shared/time-display.tsx';
import classes from './admin-sessions.module.css';

const TICK_MS = 10_000;

type Column = DataColumn<OwnedSession>;

/** All users: who is signed in where. */
export function useAllSessionColumns(): readonly Column[] {
  const t = useTranslations('adminSessions');
  const { device, ...columns } = useColumns();
  const user: Column = {
    id: 'user',
    header: t('columns.user'),
    phone: 'title',
    wrap: 'anywhere',
    cell: ({ user: owner, current }) => (
      <span className={classes.user}>
        <span className={classes.badges}>
          <bdi>{owner?.name ?? t('anonymous')}</bdi>
          {current && <Badge tone="notice">{t('current')}</Badge>}
        </span>
        {owner && (
          <span className={classes.note}>
            <bdi>{owner.username}</bdi>
          </span>
        )}
      </span>
    ),
  };
  return [user, device, columns.address, columns.signedIn, columns.lastActive];
}

/** The sessions of one user. */
export function useUserSessionColumns(): readonly Column[] {
  const t = useTranslations('adminSessions');
  const { device, address, signedIn, lastActive } = useColumns();
  // In one column, because the table has half of the page.
  const titled: Column = {
    ...device,
    phone: 'title',
    cell: (session) => (
      <span className={classes.user}>
        <span className={classes.badges}>
          {device.cell(session)}
          {session.current && <Badge tone="notice">{t('current')}</Badge>}
        </span>
        <span className={classes.below}>{address.cell(session)}</span>
      </span>
    ),
  };
  return [titled, signedIn, lastActive];
}

function useColumns() {
  const t = useTranslations('adminSessions');
  const now = useServerNow({ everyMs: TICK_MS });
  return {
    device: { id: 'device', header: t('columns.device'), skeleton: 80, cell: ({ userAgent }) => <DeviceName userAgent={userAgent} /> },
    address: { id: 'address', header: t('columns.address'), cell: ({ ip }) => <bdi>{ip ?? t('unknownAddress')}</bdi> },
    signedIn: {
      id: 'signedIn',
      header: t('columns.signedIn'),
      cell: ({ loginTime }) => now && <TimeAgo at={loginTime} now={now} />,
    },
    lastActive: {
      id: 'lastActive',
      header: t('columns.lastActive'),
      cell: ({ lastActivity }) => now && <TimeAgo at={lastActivity} now={now} />,
    },
  } satisfies Record<string, Column>;
}

/** Names a session: "Ada Lovelace: Firefox on Windows, 10.0.0.1". */
export function useDescribeSession(): (session: OwnedSession) => string {
  const t = useTranslations('adminSessions');
  const describeDevice = useDescribeDevice();
  return ({ user, userAgent, ip }) =>
    t('rowName', { user: user?.name ?? t('anonymous'), device: describeDevice(userAgent), address: ip ?? t('unknownAddress') });
}
