import { trpc, useServerNow } from '@gatehouse/client/react';
import { sessionListSchema, type ListedSession } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { counted } from '../../shared/counted.ts';
import { Loaded } from '../../shared/loaded.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { SessionList } from './session-list.tsx';

const TICK_MS = 10_000;
const decode = (wire: unknown) => sessionListSchema.parse(wire);

export function OwnSessionsCard() {
  const sessions = trpc.sessions.list.useQuery(undefined, { select: decode });
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

  const others = sessions.data?.some(({ current }) => !current) ?? false;
  const aside = others && (
    <ActionButton variant="default" size="xs" onClick={() => revokeOthers.mutate()} busy={revokeOthers.isPending}>
      End all others
    </ActionButton>
  );
  return (
    <Card title="You’re signed in on these devices" aside={aside}>
      <Loaded query={sessions} what="Your sessions" lines={4} label="Loading your sessions">
        {(list) => now && <SessionList sessions={list} now={now} onEnd={end} />}
      </Loaded>
    </Card>
  );
}
