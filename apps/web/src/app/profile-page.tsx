import { AccountCard } from '../features/account/account-card.tsx';
import { ProfileForm } from '../features/account/profile-form.tsx';
import { Card } from '../shared/card.tsx';
import { Columns } from '../shared/columns.tsx';
import { Page } from '../shared/page.tsx';

export function ProfilePage() {
  return (
    <Page title="Profile" lead="How others see you. A change shows in every session of yours at once.">
      <Columns
        wide={
          <Card title="Your name">
            <ProfileForm />
          </Card>
        }
        narrow={<AccountCard />}
      />
    </Page>
  );
}
