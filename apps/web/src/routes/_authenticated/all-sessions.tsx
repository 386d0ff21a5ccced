import { createFileRoute } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { AllSessionsCard } from '../../features/admin-sessions/all-sessions-card.tsx';
import { sessionTableSearch, toSessionPage } from '../../features/admin-sessions/session-search.ts';
import { Page } from '../../shared/page.tsx';
import { readSearch } from '../../shared/search-schema.ts';

export const Route = createFileRoute('/_authenticated/all-sessions')({
  staticData: { nav: { label: 'allSessions', order: 5 }, role: 'admin' },
  validateSearch: readSearch(sessionTableSearch),
  // The input, not the search parameters: ages depend on the time, and the page must ask for what the loader has loaded.
  loaderDeps: ({ search }) => toSessionPage(search, Date.now()),
  loader: ({ deps, ...args }) => loadData(args, (trpc, call) => [trpc.admin.sessions.list.queryOptions(deps, call)]),
  component: AllSessions,
});

function AllSessions() {
  const t = useTranslations('adminSessions');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <AllSessionsCard search={Route.useSearch()} input={Route.useLoaderDeps()} />
    </Page>
  );
}
