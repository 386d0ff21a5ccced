import { createFileRoute } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { AccountCard } from '../../features/account/account-card.tsx';
import { DataCard } from '../../features/account/data-card.tsx';
import { OwnFieldsCard } from '../../features/account/own-fields-card.tsx';
import { EmailForm } from '../../features/account/email-form.tsx';
import { PasswordForm } from '../../features/account/password-form.tsx';
import { ProfileForm } from '../../features/account/profile-form.tsx';
import { ActivityCard } from '../../features/activity/activity-card.tsx';
import { Card } from '../../shared/card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/profile')({
  staticData: { nav: { label: 'profile', order: 2 } },
  loader: (args) =>
    loadData(args, (trpc, call) => [
      trpc.account.recentActivity.queryOptions(undefined, call),
      trpc.account.fields.queryOptions(undefined, call),
    ]),
  component: Profile,
});

function Profile() {
  const t = useTranslations('account');
  const forms = (
    <>
      <Card title={t('name.title')}>
        <ProfileForm />
      </Card>
      <OwnFieldsCard />
      <Card title={t('email.title')}>
        <EmailForm />
      </Card>
      <Card title={t('password.title')}>
        <PasswordForm />
      </Card>
    </>
  );
  const accountAndActivity = (
    <>
      <AccountCard />
      <DataCard />
      <ActivityCard />
    </>
  );
  return (
    <Page title={t('page.title')} lead={t('page.lead')}>
      <Columns wide={forms} narrow={accountAndActivity} />
    </Page>
  );
}
