import { createFileRoute } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { OwnSessionsCard } from '../../features/sessions/own-sessions-card.tsx';
import { SESSION_SORTS, toSessionSearch } from '../../features/sessions/session-search.ts';
import { Page } from '../../shared/page.tsx';
import { readSearch } from '../../shared/search-schema.ts';
import { tableSearchSchema } from '../../shared/table/table-search.ts';

export const Route = createFileRoute('/_authenticated/sessions')({
  staticData: { nav: { label: 'sessions', order: 3 } },
  validateSearch: readSearch(tableSearchSchema(SESSION_SORTS)),
  loaderDeps: ({ search }) => search,
  loader: ({ deps, ...args }) => loadData(args, (trpc, call) => [trpc.sessions.search.queryOptions(toSessionSearch(deps), call)]),
  component: Sessions,
});

function Sessions() {
  const t = useTranslations('sessions');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <OwnSessionsCard search={Route.useSearch()} />
    </Page>
  );
}
