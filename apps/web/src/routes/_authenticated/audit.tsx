import { createFileRoute } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { AuditCard } from '../../features/audit/audit-card.tsx';
import { auditTableSearch, toAuditPage } from '../../features/audit/audit-search.ts';
import { Page } from '../../shared/page.tsx';
import { readSearch } from '../../shared/search-schema.ts';

export const Route = createFileRoute('/_authenticated/audit')({
  staticData: { nav: { label: 'audit', order: 7 }, role: 'admin' },
  validateSearch: readSearch(auditTableSearch),
  // The input, not the search parameters: periods depend on the time, and the page must ask for what the loader has loaded.
  loaderDeps: ({ search }) => toAuditPage(search, Date.now()),
  loader: ({ deps, ...args }) => loadData(args, (trpc, call) => [trpc.admin.audit.queryOptions(deps, call)]),
  component: Audit,
});

function Audit() {
  const t = useTranslations('audit');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <AuditCard search={Route.useSearch()} input={Route.useLoaderDeps()} />
    </Page>
  );
}
