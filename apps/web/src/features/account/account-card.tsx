import { useMe } from '@gatehouse/client/react';
import { AttributeFacts } from '../../shared/attribute-facts.tsx';
import { Card } from '../../shared/card.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
import { ROLE_LABELS } from '../../shared/account-labels.ts';

export function AccountCard() {
  const { data: me } = useMe();
  return (
    <Card title="Your account">
      {me ? (
        <Facts>
          <Fact name="Name">{me.user.name}</Fact>
          <Fact name="User name">{me.user.username}</Fact>
          <Fact name="E-mail">{me.user.email}</Fact>
          <Fact name="Role">{ROLE_LABELS[me.user.role]}</Fact>
          <AttributeFacts attributes={me.user.attributes} />
        </Facts>
      ) : (
        <Placeholder lines={4} label="Loading your account" />
      )}
    </Card>
  );
}
