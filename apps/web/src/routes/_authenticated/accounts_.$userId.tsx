import { errorReason } from '@gatehouse/client';
import { trpc } from '@gatehouse/client/react';
import { sessionUserSchema } from '@gatehouse/contract';
import { createFileRoute, Link } from '@tanstack/react-router';
import { AccountActionsCard } from '../../features/accounts/account-actions-card.tsx';
import { AccountDetailsCard } from '../../features/accounts/account-details-card.tsx';
import { AccountAuditCard } from '../../features/audit/account-audit-card.tsx';
import { AccountSessionsCard } from '../../features/sessions/account-sessions-card.tsx';
import { Card } from '../../shared/card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/accounts_/$userId')({
  staticData: { role: 'admin' },
  component: Account,
});

const decode = (wire: unknown) => sessionUserSchema.parse(wire);

function Account() {
  const { userId } = Route.useParams();
  const account = trpc.admin.users.get.useQuery({ userId }, { select: decode });
  const user = account.data;
  if (user) {
    const actionsAndDetails = (
      <>
        <AccountActionsCard user={user} />
        <AccountDetailsCard user={user} />
      </>
    );
    const sessionsAndTrail = (
      <>
        <AccountSessionsCard userId={userId} />
        <AccountAuditCard userId={userId} />
      </>
    );
    return (
      <Page title={user.name} lead={<Link to="/accounts">All accounts</Link>}>
        <Columns wide={sessionsAndTrail} narrow={actionsAndDetails} />
      </Page>
    );
  }
  return (
    <Page title="Account" lead={<Link to="/accounts">All accounts</Link>}>
      <Card title="Account details">
        {errorReason(account.error) === 'NOT_FOUND' ? (
          <p>Account not found. It may have been deleted.</p>
        ) : (
          <Loaded query={account} failed="The account could not be loaded." lines={5} label="Loading the account">
            {() => null}
          </Loaded>
        )}
      </Card>
    </Page>
  );
}
