import { createFileRoute } from '@tanstack/react-router';
import { readAuditSearch } from '../../features/audit/audit-search.ts';
import { AuditTrailCards } from '../../features/audit/audit-trail-cards.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/audit')({
  staticData: { nav: { label: 'audit', order: 6 }, role: 'admin' },
  validateSearch: readAuditSearch,
  component: Audit,
});

function Audit() {
  return (
    <Page title="Audit" lead="All changes to accounts and sessions: who made them, when and why. Newest first.">
      <AuditTrailCards search={Route.useSearch()} />
    </Page>
  );
}
