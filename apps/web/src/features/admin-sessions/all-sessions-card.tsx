import { useTRPC } from '@gatehouse/client/tanstack';
import { ownedSessionPageSchema, userRowSchema, type OwnedSession } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { DataTable } from '../../shared/table/data-table.tsx';
import { useSelection } from '../../shared/table/use-selection.ts';
import { useTableState } from '../../shared/table/use-table-state.ts';
import classes from './admin-sessions.module.css';
import { EndButton } from './end-button.tsx';
import { useAllSessionColumns, useDescribeSession } from './session-columns.tsx';
import { OwnedSessionDrawer } from './session-drawer.tsx';
import { SessionFilters } from './session-filters.tsx';
import { SESSIONS_PER_PAGE, type SessionTableSearch, type toSessionPage } from './session-search.ts';
import { useEndSessions } from './use-end-sessions.tsx';

/** Who is signed in changes without this page, so it asks again at this interval. */
const REFRESH_MS = 15_000;

function decode(wire: unknown) {
  const { sessions, total, ...page } = ownedSessionPageSchema.parse(wire);
  return { ...page, rows: sessions, total: total ?? undefined };
}

const decodeUser = (wire: unknown) => userRowSchema.parse(wire);

interface AllSessionsCardProps {
  readonly search: SessionTableSearch;
  /** Of the same search parameters. The page's loader has sent it. */
  readonly input: ReturnType<typeof toSessionPage>;
}

/** The administrators' table of the sessions of all users. */
export function AllSessionsCard({ search, input }: AllSessionsCardProps) {
  const t = useTranslations('adminSessions');
  const trpc = useTRPC();
  const query = useQuery(
    trpc.admin.sessions.list.queryOptions(input, {
      select: decode,
      placeholderData: keepPreviousData,
      refetchInterval: REFRESH_MS,
      // The loader has made the call that counts as activity. Watching the page does not.
      trpc: { context: { background: true } },
    }),
  );
  const state = useTableState(search);
  const selection = useSelection();
  const ending = useEndSessions({ onEnded: selection.clear });
  const columns = useAllSessionColumns();
  const describe = useDescribeSession();
  const [open, setOpen] = useState<OwnedSession>();
  const page = query.data;
  const isPartial = page !== undefined && page.next !== null && page.rows.length < SESSIONS_PER_PAGE;
  return (
    <Card title={t('card')}>
      {search.user !== undefined && <UserFilter userId={search.user} onClear={() => state.onFilter({ user: undefined })} />}
      <DataTable
        label={t('table')}
        failed={t('failed')}
        query={query}
        columns={columns}
        rowId={({ handle }) => handle}
        rowName={describe}
        state={state}
        pageSize={SESSIONS_PER_PAGE}
        searchLabel={t('search')}
        filters={<SessionFilters search={search} state={state} />}
        isFiltered={[search.user, search.address, search.browser, search.age].some((filter) => filter !== undefined)}
        selection={selection}
        // One's own session ends by signing out.
        canSelect={({ current }) => !current}
        bulkActions={(sessions) => (
          <ActionButton size="xs" busy={sessions.some(({ handle }) => ending.isBusy(handle))} onClick={() => ending.ask(sessions)}>
            {t('endSelected', { count: sessions.length })}
          </ActionButton>
        )}
        rowActions={(session) => !session.current && <EndButton session={session} name={describe(session)} ending={ending} />}
        rowTone={({ current }) => (current ? 'current' : undefined)}
        onOpen={setOpen}
        empty={{ title: t('empty') }}
      />
      <output>{isPartial ? t('partial') : page?.order === 'none' ? t('unordered') : null}</output>
      {open && <OwnedSessionDrawer session={open} ending={ending} onClose={() => setOpen(undefined)} />}
      {ending.dialog}
    </Card>
  );
}

/** Says whose sessions are shown, and shows all again. */
function UserFilter({ userId, onClear }: { userId: string; onClear: () => void }) {
  const t = useTranslations('adminSessions');
  const user = useQuery(useTRPC().admin.users.get.queryOptions({ userId }, { select: decodeUser })).data;
  return (
    <p className={classes.filtered}>
      {user ? (
        <Link to="/accounts/$userId" params={{ userId }}>
          {t('onlyUser', { name: user.name })}
        </Link>
      ) : (
        t('onlyUnknownUser')
      )}
      <Button variant="default" size="xs" onClick={onClear}>
        {t('allUsers')}
      </Button>
    </p>
  );
}
