import { OverviewCard } from '../features/overview/overview-card.tsx';
import { ReportCard } from '../features/overview/report-card.tsx';
import { Columns } from '../shared/columns.tsx';
import { Page } from '../shared/page.tsx';

export function AdminPage() {
  return (
    <Page title="Administration" lead="Accounts and sessions at a glance.">
      <Columns wide={<OverviewCard />} narrow={<ReportCard />} />
    </Page>
  );
}
