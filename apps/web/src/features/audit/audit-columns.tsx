import { useServerNow } from '@gatehouse/client/tanstack';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import type { DataColumn } from '../../shared/table/data-column.ts';
import { ExactTime, TimeAgo } from '../../shared/time-display.tsx';
import { useDescribeDetails } from './audit-details.ts';
import type { AuditRow } from './audit-page.ts';
import classes from './audit-card.module.css';
import { EventName } from './event-name.tsx';
import { Actor, AffectedAccount } from './participants.tsx';

const TICK_MS = 10_000;

export function useAuditColumns(): ReadonlyArray<DataColumn<AuditRow>> {
  const t = useTranslations('audit.columns');
  const now = useServerNow({ everyMs: TICK_MS });
  const describe = useDescribeDetails();
  return [
    { id: 'event', header: t('event'), phone: 'title', skeleton: 80, cell: ({ event: { kind } }) => <EventName kind={kind} /> },
    {
      id: 'time',
      header: t('time'),
      cell: ({ event: { at } }) => (
        <span className={classes.time}>
          <ExactTime at={at} />
          <span className={classes.note}>{now && <TimeAgo at={at} now={now} />}</span>
        </span>
      ),
    },
    { id: 'account', header: t('account'), wrap: 'anywhere', cell: (row) => <AffectedAccount {...row} /> },
    { id: 'actor', header: t('actor'), phone: 'hidden', tablet: 'hidden', wrap: 'anywhere', cell: (row) => <Actor {...row} /> },
    {
      id: 'address',
      header: t('address'),
      cell: ({ event: { ip } }) => <bdi className={classes.address}>{ip ?? '–'}</bdi>,
    },
    {
      id: 'details',
      header: t('details'),
      wrap: 'anywhere',
      cell: ({ event }) => <span className={classes.note}>{describe(event) || '–'}</span>,
    },
  ];
}

/** Names an entry: "Sign-in failed, Ada Lovelace, Mon, 24 Nov 2025, 06:14". */
export function useDescribeEntry(): (row: AuditRow) => string {
  const t = useTranslations('audit');
  const kinds = useTranslations('activity.kinds');
  const { exactTime } = useFormats();
  return ({ event: { kind, userId, at, detail }, accounts }) => {
    const name =
      userId === null ? undefined : (accounts.get(userId)?.name ?? detail?.username ?? t('account.unnamed', { id: userId.slice(0, 8) }));
    const account = name ?? t(detail?.everyone ? 'account.everyone' : 'account.none');
    return t('rowName', { event: kinds(kind), account, time: exactTime(at) });
  };
}
