import { OverviewCard } from '../features/overview/overview-card.tsx';
import { Page } from '../shared/page.tsx';

export function AdminPage() {
  return (
    <Page title="Administration" lead="Accounts and sessions at a glance.">
      <OverviewCard />
    </Page>
  );
}
