import { trpc } from '@gatehouse/client/react';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { pluralize } from '../../shared/pluralize.ts';
import { SESSION_PAGES } from './session-pages.ts';
import { SessionsCard } from './sessions-card.tsx';

/** The user's own sessions. */
export function OwnSessionsCard() {
  const sessions = trpc.sessions.list.useInfiniteQuery({}, SESSION_PAGES);
  const queries = trpc.useUtils();
  const onSettled = () => Promise.all([queries.sessions.list.invalidate(), queries.account.recentActivity.invalidate()]);
  // Callbacks of the hook, because those of `mutate` run only for the last of several calls, and not after unmounting.
  const revoke = trpc.sessions.revoke.useMutation({
    onSuccess: () => notifyDone('Session ended.'),
    onError: (error) => notifyFailure('The session could not be ended', error),
    onSettled,
  });
  const revokeOthers = trpc.sessions.revokeOthers.useMutation({
    onSuccess: ({ ended }) => notifyDone(`${pluralize(ended, 'session')} ended. You’re still signed in here.`),
    onError: (error) => notifyFailure('Your other sessions could not be ended', error),
    onSettled,
  });
  return (
    <SessionsCard
      title="You’re signed in on these devices"
      query={sessions}
      what="Your sessions"
      loadingLabel="Loading your sessions"
      endAllLabel="End all other sessions"
      onEndAll={() => revokeOthers.mutate()}
      endingAll={revokeOthers.isPending}
      onEnd={(handle) => revoke.mutateAsync({ handle })}
    />
  );
}
