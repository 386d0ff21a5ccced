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

/** For administrators: the sessions of any account. */
export function AccountSessionsCard({ userId }: { userId: string }) {
  const sessions = trpc.admin.users.sessions.useQuery({ userId }, { select: decode });
  const now = useServerNow({ everyMs: TICK_MS });
  const queries = trpc.useUtils();
  const onSettled = () => queries.admin.invalidate();
  // Not as callbacks of `mutate`: of several calls at once those are made for the last one only, and none once this is off the screen.
  const revoke = trpc.admin.sessions.revoke.useMutation({
    onSuccess: () => notifyDone('The session is ended.'),
    onError: (error) => notifyFailure('The session was not ended', error),
    onSettled,
  });
  const revokeAll = trpc.admin.users.revokeSessions.useMutation({
    onSuccess: ({ ended }) => notifyDone(`${counted(ended, 'session')} ended.`),
    onError: (error) => notifyFailure('The sessions were not ended', error),
    onSettled,
  });
  const end = ({ handle }: ListedSession) =>
    revoke.mutateAsync({ handle }).then(
      () => undefined,
      () => undefined,
    );

  const any = sessions.data?.some(({ current }) => !current) ?? false;
  const aside = any && (
    <ActionButton variant="default" size="xs" onClick={() => revokeAll.mutate({ userId })} busy={revokeAll.isPending}>
      End all
    </ActionButton>
  );
  return (
    <Card title="Sessions" aside={aside}>
      <Loaded query={sessions} what="The sessions" lines={4} label="Loading the sessions">
        {(list) => now && <SessionList sessions={list} now={now} onEnd={end} />}
      </Loaded>
    </Card>
  );
}
