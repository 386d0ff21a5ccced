import { createFileRoute } from '@tanstack/react-router';
import { AccountCard } from '../../features/account/account-card.tsx';
import { PasswordForm } from '../../features/account/password-form.tsx';
import { ProfileForm } from '../../features/account/profile-form.tsx';
import { Card } from '../../shared/card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/profile')({
  staticData: { nav: { label: 'Profile', order: 2 } },
  component: Profile,
});

function Profile() {
  const nameAndPassword = (
    <>
      <Card title="Your name">
        <ProfileForm />
      </Card>
      <Card title="Your password">
        <PasswordForm />
      </Card>
    </>
  );
  return (
    <Page title="Profile" lead="A new name appears in all your sessions at once. Changing your password ends your other sessions.">
      <Columns wide={nameAndPassword} narrow={<AccountCard />} />
    </Page>
  );
}
