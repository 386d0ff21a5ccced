import { createFileRoute } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { toUserSearch, userTableSearch } from '../../features/users/user-search.ts';
import { UsersCard } from '../../features/users/users-card.tsx';
import { Page } from '../../shared/page.tsx';
import { readSearch } from '../../shared/search-schema.ts';

export const Route = createFileRoute('/_authenticated/accounts')({
  staticData: { nav: { label: 'accounts', order: 4 }, role: 'admin' },
  validateSearch: readSearch(userTableSearch),
  loaderDeps: ({ search }) => search,
  loader: ({ deps, ...args }) => loadData(args, (trpc, call) => [trpc.admin.users.search.queryOptions(toUserSearch(deps), call)]),
  component: Users,
});

function Users() {
  const t = useTranslations('users');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <UsersCard search={Route.useSearch()} />
    </Page>
  );
}
