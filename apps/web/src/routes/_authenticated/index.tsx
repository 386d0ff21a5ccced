import { useMe } from '@gatehouse/client/tanstack';
import { createFileRoute } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { AccountCard } from '../../features/account/account-card.tsx';
import { DataCard } from '../../features/account/data-card.tsx';
import { ActivityCard } from '../../features/activity/activity-card.tsx';
import { SessionCard } from '../../features/session/session-card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/')({
  // Not a file of its own, because it is the first page of most users.
  codeSplitGroupings: [],
  staticData: { nav: { label: 'dashboard', order: 1 } },
  loader: (args) => loadData(args, (trpc, call) => [trpc.account.recentActivity.queryOptions(undefined, call)]),
  component: Dashboard,
});

function Dashboard() {
  const t = useTranslations('dashboard');
  const { data: me } = useMe();
  const accountAndData = (
    <>
      <AccountCard />
      <DataCard />
    </>
  );
  return (
    <Page title={t('title')} heading={me ? t('welcomeName', { name: me.user.name }) : t('welcome')} lead={t('lead')}>
      <Columns wide={<SessionCard />} narrow={accountAndData} isLevel />
      <ActivityCard />
    </Page>
  );
}
