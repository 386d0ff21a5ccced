import type { SessionUser } from '@gatehouse/contract';
import { AttributeFacts } from '../../shared/attribute-facts.tsx';
import { Card } from '../../shared/card.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { ROLE_WORDS, STATUS_WORDS } from '../../shared/account-words.ts';

export function AccountFactsCard({ user }: { user: SessionUser }) {
  return (
    <Card title="The account">
      <Facts>
        <Fact name="Name">{user.name}</Fact>
        <Fact name="User name">{user.username}</Fact>
        <Fact name="E-mail">{user.email}</Fact>
        <Fact name="Role">{ROLE_WORDS[user.role]}</Fact>
        <Fact name="Status">{STATUS_WORDS[user.status]}</Fact>
        <AttributeFacts attributes={user.attributes} />
      </Facts>
    </Card>
  );
}
