import { errorReason } from '@gatehouse/client';
import { useTRPC } from '@gatehouse/client/tanstack';
import { userRowSchema } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { userSessionsInput } from '../../features/admin-sessions/session-search.ts';
import { UserSessionsCard } from '../../features/admin-sessions/user-sessions-card.tsx';
import { AccountAuditCard } from '../../features/audit/account-audit-card.tsx';
import { UserActions, UserNotes } from '../../features/users/user-actions.tsx';
import { UserDetailsCard } from '../../features/users/user-details-card.tsx';
import { Card } from '../../shared/card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/accounts_/$userId')({
  staticData: { role: 'admin' },
  loader: ({ params: { userId }, ...args }) =>
    loadData(args, (trpc, call) => [
      trpc.admin.users.get.queryOptions({ userId }, call),
      trpc.admin.users.fields.queryOptions(undefined, call),
      trpc.admin.sessions.list.queryOptions(userSessionsInput(userId), call),
    ]),
  component: User,
});

const decode = (wire: unknown) => userRowSchema.parse(wire);

function User() {
  const t = useTranslations('users.account');
  const { userId } = Route.useParams();
  const query = useQuery(useTRPC().admin.users.get.queryOptions({ userId }, { select: decode }));
  const user = query.data;
  const back = <Link to="/accounts">{t('back')}</Link>;
  if (user) {
    const sessionsAndTrail = (
      <>
        <UserSessionsCard userId={userId} />
        <AccountAuditCard userId={userId} />
      </>
    );
    return (
      <Page title={user.name} back={back} actions={<UserActions user={user} />}>
        <UserNotes user={user} />
        <Columns wide={sessionsAndTrail} narrow={<UserDetailsCard user={user} />} />
      </Page>
    );
  }
  return (
    <Page title={t('title')} back={back}>
      <Card title={t('details')}>
        {errorReason(query.error) === 'NOT_FOUND' ? (
          <p>{t('gone')}</p>
        ) : (
          <Loaded query={query} failed={t('failed')} lines={5} label={t('loading')}>
            {() => null}
          </Loaded>
        )}
      </Card>
    </Page>
  );
}
