import { useServerNow } from '@gatehouse/client/tanstack';
import type { SessionRow } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { Badge } from '../../shared/badge.tsx';
import { DeviceName } from '../../shared/device-name.tsx';
import { useDescribeMethod } from '../../shared/sign-in-method.ts';
import type { DataColumn } from '../../shared/table/data-column.ts';
import { RelativeTime, TimeAgo } from '../../shared/time-display.tsx';
import classes from './own-sessions.module.css';

const TICK_MS = 10_000;

/** `ownIp`: the address of the current session, which helps to recognise one's own devices. */
export function useSessionColumns(ownIp: string | null): ReadonlyArray<DataColumn<SessionRow>> {
  const t = useTranslations('sessions');
  const describeMethod = useDescribeMethod();
  const now = useServerNow({ everyMs: TICK_MS });
  return [
    {
      id: 'device',
      header: t('columns.device'),
      phone: 'title',
      skeleton: 80,
      cell: ({ userAgent, current }) => (
        <span className={classes.device}>
          <DeviceName userAgent={userAgent} />
          {current && (
            <span className={classes.badge}>
              <Badge tone="notice">{t('current')}</Badge>
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'address',
      header: t('columns.address'),
      cell: ({ ip, current }) => (
        <span className={classes.address}>
          {/* Not a grid item itself: that would be aligned by the direction of the address. */}
          <span>
            <bdi>{ip ?? t('unknownAddress')}</bdi>
          </span>
          {!current && ip !== null && ip === ownIp && <span className={classes.note}>{t('sameAddress')}</span>}
        </span>
      ),
    },
    {
      id: 'signedIn',
      header: t('columns.signedIn'),
      sort: 'loginTime',
      firstSort: 'descending',
      cell: ({ loginTime }) => now && <TimeAgo at={loginTime} now={now} />,
    },
    {
      id: 'lastActive',
      header: t('columns.lastActive'),
      sort: 'lastActivity',
      firstSort: 'descending',
      cell: ({ lastActivity }) => now && <TimeAgo at={lastActivity} now={now} />,
    },
    {
      id: 'expires',
      header: t('columns.expires'),
      sort: 'expires',
      firstSort: 'descending',
      cell: ({ expires }) => now && <RelativeTime at={expires} now={now} />,
    },
    { id: 'method', header: t('columns.method'), tablet: 'hidden', cell: ({ method }) => describeMethod(method) },
  ];
}
