import { useServerNow, useTRPC } from '@gatehouse/client/tanstack';
import type { UserRow } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { AttributeFacts } from '../../shared/own-fields/attribute-facts.tsx';
import { Card } from '../../shared/card.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { ExactTime, TimeAgo } from '../../shared/time-display.tsx';
import { UserStatus } from './user-status.tsx';

const TICK_MS = 10_000;

export function UserDetailsCard({ user }: { user: UserRow }) {
  const t = useTranslations('users');
  const roles = useTranslations('accounts.roles');
  const now = useServerNow({ everyMs: TICK_MS });
  const { data: fields } = useQuery(useTRPC().admin.users.fields.queryOptions());
  const { id, name, username, email, role, status, createdAt, lastSignIn, attributes } = user;
  return (
    <Card title={t('account.details')}>
      <Facts>
        <Fact name={t('columns.name')}>
          <bdi>{name}</bdi>
        </Fact>
        <Fact name={t('columns.username')}>
          <bdi>{username}</bdi>
        </Fact>
        <Fact name={t('columns.email')}>
          <bdi>{email}</bdi>
        </Fact>
        <Fact name={t('columns.role')}>{roles(role)}</Fact>
        <Fact name={t('columns.status')} note={status === 'suspended' && t('account.suspended')}>
          <UserStatus user={user} />
        </Fact>
        <Fact name={t('columns.lastSignIn')} note={lastSignIn && <ExactTime at={lastSignIn} />}>
          {lastSignIn === null ? t('neverSignedIn') : now && <TimeAgo at={lastSignIn} now={now} />}
        </Fact>
        <Fact name={t('columns.createdAt')} note={<ExactTime at={createdAt} />}>
          {now && <TimeAgo at={createdAt} now={now} />}
        </Fact>
        <AttributeFacts attributes={attributes} fields={fields} />
        <Fact name={t('account.id')}>{id}</Fact>
      </Facts>
    </Card>
  );
}
