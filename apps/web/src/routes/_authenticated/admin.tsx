import { createFileRoute } from '@tanstack/react-router';
import { OverviewCard } from '../../features/overview/overview-card.tsx';
import { ReportCard } from '../../features/overview/report-card.tsx';
import { SignEveryoneOutCard } from '../../features/overview/sign-everyone-out-card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/admin')({
  staticData: { nav: { label: 'admin', order: 5 }, role: 'admin' },
  component: Administration,
});

function Administration() {
  const overviewAndSignOut = (
    <>
      <OverviewCard />
      <SignEveryoneOutCard />
    </>
  );
  return (
    <Page title="Administration" lead="Accounts and sessions at a glance.">
      <Columns wide={overviewAndSignOut} narrow={<ReportCard />} />
    </Page>
  );
}
