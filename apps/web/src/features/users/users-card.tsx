import { useMe, useTRPC } from '@gatehouse/client/tanstack';
import { userSearchSchema, type UserRow } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { Card } from '../../shared/card.tsx';
import { DataTable } from '../../shared/table/data-table.tsx';
import { useSelection } from '../../shared/table/use-selection.ts';
import { useTableState } from '../../shared/table/use-table-state.ts';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { BulkUserActions } from './bulk-user-actions.tsx';
import { useUserColumns } from './user-columns.tsx';
import { UserFilters } from './user-filters.tsx';
import { DEFAULT_SORT, toUserSearch, USERS_PER_PAGE, type UserTableSearch } from './user-search.ts';

function decode(wire: unknown) {
  const { users, ...page } = userSearchSchema.parse(wire);
  return { ...page, rows: users };
}

/** The administrators' table of all accounts. */
export function UsersCard({ search }: { search: UserTableSearch }) {
  const t = useTranslations('users');
  const trpc = useTRPC();
  const ownId = useMe().data?.user.id;
  const query = useQuery(trpc.admin.users.search.queryOptions(toUserSearch(search), { select: decode, placeholderData: keepPreviousData }));
  const state = useTableState(search);
  const selection = useSelection();
  const columns = useUserColumns(ownId);
  const [isCreating, setIsCreating] = useState(false);
  const name = ({ name: userName, username }: UserRow): string => t('rowName', { name: userName, username });
  const createButton = (
    <Button size="sm" onClick={() => setIsCreating(true)}>
      {t('create.button')}
    </Button>
  );
  return (
    <Card title={t('card')} aside={createButton}>
      <DataTable
        label={t('table')}
        failed={t('failed')}
        query={query}
        columns={columns}
        rowId={({ id }) => id}
        rowName={name}
        state={{ ...state, sort: state.sort ?? DEFAULT_SORT }}
        pageSize={USERS_PER_PAGE}
        searchLabel={t('search')}
        filters={<UserFilters search={search} state={state} />}
        isFiltered={search.role !== undefined || search.status !== undefined || search.signedIn !== undefined}
        selection={selection}
        // Nobody suspends themselves; their own sessions have a page.
        canSelect={({ id }) => id !== ownId}
        bulkActions={(users) => <BulkUserActions users={users} onDone={selection.clear} />}
        empty={{ title: t('empty'), text: t('emptyText') }}
      />
      <output>{query.data?.isComplete === false && t('incomplete')}</output>
      {isCreating && <CreateUserDialog onClose={() => setIsCreating(false)} />}
    </Card>
  );
}
