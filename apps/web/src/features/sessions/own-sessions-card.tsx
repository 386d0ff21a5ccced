import { trpc, useServerNow } from '@gatehouse/client/react';
import type { ListedSession } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { counted } from '../../shared/counted.ts';
import { Loaded } from '../../shared/loaded.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import classes from './session-list.module.css';
import { SessionList } from './session-list.tsx';
import { SESSION_PAGES } from './session-pages.ts';

const TICK_MS = 10_000;

export function OwnSessionsCard() {
  const sessions = trpc.sessions.list.useInfiniteQuery({}, SESSION_PAGES);
  const now = useServerNow({ everyMs: TICK_MS });
  const queries = trpc.useUtils();
  const refresh = () => Promise.all([queries.sessions.list.invalidate(), queries.account.recentActivity.invalidate()]);
  // Not as callbacks of `mutate`: of several calls at once those are made for the last one only, and none once this is off the screen.
  const revoke = trpc.sessions.revoke.useMutation({
    onSuccess: () => notifyDone('The session is ended.'),
    onError: (error) => notifyFailure('The session was not ended', error),
    onSettled: refresh,
  });
  const revokeOthers = trpc.sessions.revokeOthers.useMutation({
    onSuccess: ({ ended }) => notifyDone(`${counted(ended, 'session')} ended. You stay signed in here.`),
    onError: (error) => notifyFailure('Your other sessions were not ended', error),
    onSettled: refresh,
  });
  const end = ({ handle }: ListedSession) =>
    revoke.mutateAsync({ handle }).then(
      () => undefined,
      () => undefined,
    );

  // All pages again: a session that was used meanwhile has moved to the first.
  const showMore = () => sessions.fetchNextPage().then(() => sessions.refetch());

  const others = sessions.data?.some(({ current }) => !current) ?? false;
  const aside = others && (
    <ActionButton variant="default" size="xs" onClick={() => revokeOthers.mutate()} busy={revokeOthers.isPending}>
      End all others
    </ActionButton>
  );
  return (
    <Card title="You’re signed in on these devices" aside={aside}>
      <Loaded query={sessions} what="Your sessions" lines={4} label="Loading your sessions">
        {(list) =>
          now && (
            <div className={classes.pages}>
              <SessionList sessions={list} now={now} onEnd={end} />
              {sessions.hasNextPage && (
                <ActionButton variant="default" size="sm" onClick={() => void showMore()} busy={sessions.isFetchingNextPage}>
                  Show more
                </ActionButton>
              )}
            </div>
          )
        }
      </Loaded>
    </Card>
  );
}
