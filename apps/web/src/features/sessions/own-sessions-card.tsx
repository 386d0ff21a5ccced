import { useTRPC } from '@gatehouse/client/tanstack';
import { sessionSearchSchema, type SessionRow } from '@gatehouse/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { useDescribeDevice } from '../../shared/device-name.tsx';
import { DataTable } from '../../shared/table/data-table.tsx';
import type { TableSearch } from '../../shared/table/table-search.ts';
import { useSelection } from '../../shared/table/use-selection.ts';
import { useTableState } from '../../shared/table/use-table-state.ts';
import { SessionActions } from './session-actions.tsx';
import { useSessionColumns } from './session-columns.tsx';
import { OwnSessionDrawer } from './session-drawer.tsx';
import { DEFAULT_SORT, SESSIONS_PER_PAGE, toSessionSearch } from './session-search.ts';
import { useEndMany } from './use-end-many.ts';
import { useEndSession } from './use-end-session.ts';

/** The current session comes first on its page: others are compared with it. */
function decode(wire: unknown) {
  const { sessions, ...page } = sessionSearchSchema.parse(wire);
  return { ...page, rows: sessions.toSorted((a, b) => Number(b.current) - Number(a.current)) };
}

/** The table of the user's own sessions. */
export function OwnSessionsCard({ search }: { search: TableSearch & Parameters<typeof toSessionSearch>[0] }) {
  const t = useTranslations('sessions');
  const trpc = useTRPC();
  const query = useQuery(trpc.sessions.search.queryOptions(toSessionSearch(search), { select: decode, placeholderData: keepPreviousData }));
  const state = useTableState(search);
  const selection = useSelection();
  const ending = useEndSession();
  const many = useEndMany({ onEnded: selection.clear });
  const [open, setOpen] = useState<SessionRow>();
  const [ownIp, setOwnIp] = useState<string | null>(null);
  const describeDevice = useDescribeDevice();
  const name = ({ userAgent, ip }: SessionRow): string =>
    t('rowName', { device: describeDevice(userAgent), address: ip ?? t('unknownAddress') });

  // It stays known on pages without the current session.
  const current = query.data?.rows.find((row) => row.current);
  if (current && current.ip !== ownIp) setOwnIp(current.ip);
  const columns = useSessionColumns(ownIp);

  const rows = query.data?.rows.filter(({ handle }) => !ending.isEnded(handle)) ?? [];
  const data = query.data && { rows, total: query.data.total - (query.data.rows.length - rows.length) };
  const others = (query.data?.all ?? 1) - 1;
  const aside = others > 0 && (
    <ActionButton variant="default" size="sm" onClick={() => many.askToEndOthers(others)} busy={many.isEndingOthers}>
      {t('endAllOthers')}
    </ActionButton>
  );
  return (
    <Card title={t('card')} aside={aside}>
      {query.data?.isComplete === false && <p>{t('incomplete')}</p>}
      <DataTable
        label={t('table')}
        failed={t('failed')}
        query={{ ...query, data }}
        columns={columns}
        rowId={({ handle }) => handle}
        rowName={name}
        state={{ ...state, sort: state.sort ?? DEFAULT_SORT }}
        pageSize={SESSIONS_PER_PAGE}
        searchLabel={t('search')}
        selection={selection}
        canSelect={(row) => !row.current && ending.endsAtMs(row.handle) === undefined}
        bulkActions={(selected) => (
          <ActionButton size="xs" busy={many.isEndingMany} onClick={() => many.askToEnd(selected.map(({ handle }) => handle))}>
            {t('endSelected', { count: selected.length })}
          </ActionButton>
        )}
        rowActions={(row) => <SessionActions session={row} name={name(row)} ending={ending} />}
        rowTone={(row) => (row.current ? 'current' : ending.endsAtMs(row.handle) === undefined ? undefined : 'pending')}
        onOpen={setOpen}
      />
      {open && <OwnSessionDrawer session={open} name={name(open)} ownIp={ownIp} ending={ending} onClose={() => setOpen(undefined)} />}
      {many.dialog}
    </Card>
  );
}
