import { createFileRoute } from '@tanstack/react-router';
import { AccountCard } from '../../features/account/account-card.tsx';
import { ProfileForm } from '../../features/account/profile-form.tsx';
import { Card } from '../../shared/card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/profile')({
  staticData: { nav: { label: 'Profile', order: 2 } },
  component: Profile,
});

function Profile() {
  const name = (
    <Card title="Your name">
      <ProfileForm />
    </Card>
  );
  return (
    <Page title="Profile" lead="How others see you. A change shows in every session of yours at once.">
      <Columns wide={name} narrow={<AccountCard />} />
    </Page>
  );
}
