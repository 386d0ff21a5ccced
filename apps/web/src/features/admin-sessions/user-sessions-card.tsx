import { useTRPC } from '@gatehouse/client/tanstack';
import { ownedSessionPageSchema, type OwnedSession } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { DataTable } from '../../shared/table/data-table.tsx';
import { useSelection } from '../../shared/table/use-selection.ts';
import { useDescribeSession, useUserSessionColumns } from './session-columns.tsx';
import { EndButton } from './end-button.tsx';
import { OwnedSessionDrawer } from './session-drawer.tsx';
import { userSessionsInput } from './session-search.ts';
import { useEndSessions } from './use-end-sessions.tsx';

const decode = (wire: unknown) => ({ rows: ownedSessionPageSchema.parse(wire).sessions });

/** The sessions of an account, on the account's page. The page of all sessions has the rest, if there are very many. */
export function UserSessionsCard({ userId }: { userId: string }) {
  const t = useTranslations('adminSessions');
  const query = useQuery(useTRPC().admin.sessions.list.queryOptions(userSessionsInput(userId), { select: decode }));
  const selection = useSelection();
  const ending = useEndSessions({ onEnded: selection.clear });
  const columns = useUserSessionColumns();
  const describe = useDescribeSession();
  const [open, setOpen] = useState<OwnedSession>();
  const aside = (
    <Link to="/all-sessions" search={{ user: userId }}>
      {t('showAll')}
    </Link>
  );
  return (
    <Card title={t('userCard')} aside={aside}>
      <DataTable
        label={t('userTable')}
        failed={t('failed')}
        query={query}
        columns={columns}
        rowId={({ handle }) => handle}
        rowName={describe}
        selection={selection}
        canSelect={({ current }) => !current}
        bulkActions={(sessions) => (
          <ActionButton size="xs" busy={sessions.some(({ handle }) => ending.isBusy(handle))} onClick={() => ending.ask(sessions)}>
            {t('endSelected', { count: sessions.length })}
          </ActionButton>
        )}
        rowActions={(session) => !session.current && <EndButton session={session} name={describe(session)} ending={ending} />}
        rowTone={({ current }) => (current ? 'current' : undefined)}
        onOpen={setOpen}
        empty={{ title: t('userEmpty') }}
      />
      {open && <OwnedSessionDrawer session={open} ending={ending} isOnAccountPage onClose={() => setOpen(undefined)} />}
      {ending.dialog}
    </Card>
  );
}
