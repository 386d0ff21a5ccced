import { useMe } from '@gatehouse/client/react';
import { createFileRoute } from '@tanstack/react-router';
import { AccountCard } from '../../features/account/account-card.tsx';
import { DataCard } from '../../features/account/data-card.tsx';
import { ActivityCard } from '../../features/activity/activity-card.tsx';
import { SessionCard } from '../../features/session/session-card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/')({
  staticData: { nav: { label: 'Dashboard', order: 1 } },
  component: Dashboard,
});

function Dashboard() {
  const { data: me } = useMe();
  const sessionAndActivity = (
    <>
      <SessionCard />
      <ActivityCard />
    </>
  );
  const accountAndData = (
    <>
      <AccountCard />
      <DataCard />
    </>
  );
  return (
    <Page
      title="Dashboard"
      heading={me ? `Welcome, ${me.user.name}` : 'Welcome'}
      lead="Your account, this session and your recent activity."
    >
      <Columns wide={sessionAndActivity} narrow={accountAndData} />
    </Page>
  );
}
