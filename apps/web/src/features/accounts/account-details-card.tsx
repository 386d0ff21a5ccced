import type { SessionUser } from '@gatehouse/contract';
import { AttributeFacts } from '../../shared/attribute-facts.tsx';
import { Card } from '../../shared/card.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { ROLE_LABELS, STATUS_LABELS } from '../../shared/account-labels.ts';

export function AccountDetailsCard({ user }: { user: SessionUser }) {
  return (
    <Card title="Account details">
      <Facts>
        <Fact name="Name">{user.name}</Fact>
        <Fact name="User name">{user.username}</Fact>
        <Fact name="E-mail">{user.email}</Fact>
        <Fact name="Role">{ROLE_LABELS[user.role]}</Fact>
        <Fact name="Status">{STATUS_LABELS[user.status]}</Fact>
        <AttributeFacts attributes={user.attributes} />
      </Facts>
    </Card>
  );
}
