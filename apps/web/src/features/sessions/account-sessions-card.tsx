import { trpc } from '@gatehouse/client/react';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { pluralize } from '../../shared/pluralize.ts';
import { SESSION_PAGES } from './session-pages.ts';
import { SessionsCard } from './sessions-card.tsx';

/** The sessions of an account, for administrators. */
export function AccountSessionsCard({ userId }: { userId: string }) {
  const sessions = trpc.admin.users.sessions.useInfiniteQuery({ userId }, SESSION_PAGES);
  const queries = trpc.useUtils();
  const onSettled = () => queries.admin.invalidate();
  // Callbacks of the hook, because those of `mutate` run only for the last of several calls, and not after unmounting.
  const revoke = trpc.admin.sessions.revoke.useMutation({
    onSuccess: () => notifyDone('Session ended.'),
    onError: (error) => notifyFailure('The session could not be ended', error),
    onSettled,
  });
  const revokeAll = trpc.admin.users.revokeSessions.useMutation({
    onSuccess: ({ ended }) => notifyDone(`${pluralize(ended, 'session')} ended.`),
    onError: (error) => notifyFailure('The sessions could not be ended', error),
    onSettled,
  });
  return (
    <SessionsCard
      title="Sessions"
      query={sessions}
      failed="The sessions could not be loaded."
      loadingLabel="Loading the sessions"
      endAllLabel="End all sessions"
      onEndAll={() => revokeAll.mutate({ userId })}
      endingAll={revokeAll.isPending}
      onEnd={(handle) => revoke.mutateAsync({ handle })}
    />
  );
}
