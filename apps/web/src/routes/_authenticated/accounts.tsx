import { createFileRoute } from '@tanstack/react-router';
import { AccountsCard } from '../../features/accounts/accounts-card.tsx';
import { FindAccountCard } from '../../features/accounts/find-account-card.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/accounts')({
  staticData: { nav: { label: 'accounts', order: 4 }, role: 'admin' },
  component: Accounts,
});

function Accounts() {
  return (
    <Page title="Accounts" lead="Everyone who can sign in, with roles and sessions.">
      <FindAccountCard />
      <AccountsCard />
    </Page>
  );
}
