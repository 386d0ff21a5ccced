import { trpc, useServerNow } from '@gatehouse/client/react';
import type { ListedSession } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { counted } from '../../shared/counted.ts';
import { InlineFailure } from '../../shared/inline-failure.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { Placeholder } from '../../shared/placeholder.tsx';
import classes from './session-list.module.css';
import { SessionList } from './session-list.tsx';
import { SESSION_PAGES } from './session-pages.ts';

const TICK_MS = 10_000;

export function OwnSessionsCard() {
  const sessions = trpc.sessions.list.useInfiniteQuery({}, SESSION_PAGES);
  const now = useServerNow({ everyMs: TICK_MS });
  const queries = trpc.useUtils();
  const refresh = () => Promise.all([queries.sessions.list.invalidate(), queries.account.recentActivity.invalidate()]);
  const revoke = trpc.sessions.revoke.useMutation({ onSettled: refresh });
  const revokeOthers = trpc.sessions.revokeOthers.useMutation({ onSettled: refresh });

  const end = ({ handle }: ListedSession) =>
    revoke.mutate(
      { handle },
      {
        onSuccess: () => notifyDone('The session is ended.'),
        onError: (error) => notifyFailure('The session was not ended', error),
      },
    );
  const endOthers = () =>
    revokeOthers.mutate(undefined, {
      onSuccess: ({ ended }) => notifyDone(`${counted(ended, 'session')} ended. This one goes on.`),
      onError: (error) => notifyFailure('Your other sessions were not ended', error),
    });

  // All pages again: a session that was used meanwhile has moved to the first.
  const showMore = () => sessions.fetchNextPage().then(() => sessions.refetch());

  const others = sessions.data?.some(({ current }) => !current) ?? false;
  const aside = others && (
    <ActionButton variant="default" size="xs" onClick={endOthers} busy={revokeOthers.isPending}>
      End all others
    </ActionButton>
  );
  return (
    <Card title="Where you are signed in" aside={aside}>
      {sessions.data && now ? (
        <div className={classes.pages}>
          <SessionList sessions={sessions.data} now={now} ending={revoke.isPending ? revoke.variables.handle : undefined} onEnd={end} />
          {sessions.hasNextPage && (
            <ActionButton variant="default" size="sm" onClick={() => void showMore()} busy={sessions.isFetchingNextPage}>
              Show more
            </ActionButton>
          )}
        </div>
      ) : sessions.error ? (
        <InlineFailure what="Your sessions" error={sessions.error} busy={sessions.isFetching} onRetry={() => void sessions.refetch()} />
      ) : (
        <Placeholder lines={4} label="Loading your sessions" />
      )}
    </Card>
  );
}
