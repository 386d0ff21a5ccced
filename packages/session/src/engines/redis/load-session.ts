import type { LoadOutcome, LoadRequest, SessionRecord } from '../../engine-port.ts';
import { PREVIOUS_SECRET_GRACE_MS } from '../../secrets.ts';
import { isPossibleName } from '../possible-name.ts';
import type { EndSession } from './end-session.ts';
import { slotKeys, slotOf } from './keys.ts';
import { toRecord, type StoredFields } from './record.ts';
import type { RedisContext } from './redis-context.ts';
import type { Checked, UserCheck } from './user-check.ts';
import { readUserCopy } from './user-copy.ts';

/** Whoever has the session's secret; or, without a request, a live session by its handle. */
export type LoadSession = (handle: string, request?: LoadRequest) => Promise<LoadOutcome>;

export function createLoadSession(context: RedisContext, { check, ask }: UserCheck, { endOne }: EndSession): LoadSession {
  const { redis, prefix, lifetimes, serializer, about, onCorrupt, indexes, isCluster, reindex } = context;
  const { activityIntervalMs, sliding } = lifetimes;

  return async (handle, request) => {
    if (!isPossibleName(handle)) return { status: 'absent' };
    const slot = slotOf(prefix, handle);
    const client = request?.client;
    const script = [
      Number(request !== undefined),
      request?.secretHash ?? '',
      PREVIOUS_SECRET_GRACE_MS,
      Number(client !== undefined),
      activityIntervalMs,
      Number(sliding),
      client?.ip ?? '',
      client?.userAgent ?? '',
    ];
    const run = (answer: readonly (string | number)[]): Promise<unknown> =>
      redis.loadSession(slotKeys(slot, handle), [...about(handle), ...answer, ...script]);

    async function corrupt(error: unknown): Promise<LoadOutcome> {
      onCorrupt?.({ engine: 'redis', handle, error });
      await endOne(handle, { mode: 'every' });
      return { status: 'absent' };
    }

    async function outcomeOf({ reply, user }: Checked, hasSlid = false): Promise<LoadOutcome> {
      if (reply === 'corrupt') return corrupt(new TypeError('A session lacks fields.'));
      if (reply === 'expired') return { status: 'expired' };
      if (!Array.isArray(reply)) {
        if (user) await indexes.remove(user.id, [handle]).catch(() => undefined);
        return { status: 'absent' };
      }
      if (reply[0] === 'claimed') return { status: 'claimed', successor: String(reply[1]), claimedAtMs: Number(reply[2]) };
      const [, secret, wrote, copy, ticket, ...fields] = reply as [
        'live',
        '' | 'current' | 'previous',
        string,
        string,
        string,
        ...StoredFields,
      ];
      let record: SessionRecord;
      try {
        record = toRecord(handle, fields, serializer);
      } catch (error) {
        return corrupt(error);
      }
      const { userId } = record;
      const slid = hasSlid || wrote === 'slid';
      // Not awaited: it leaves before any command that could miss it, and the next slide puts right what is lost.
      if (wrote === 'slid' && isCluster) reindex({ handle, userId: userId ?? '' }, record.expiresAtMs).catch(() => undefined);
      const known = userId === null ? null : (user ?? readUserCopy(copy, userId));
      // A copy that this version cannot read. A slide was written already; if the user is gone, the session is not served all the same.
      if (known === undefined && userId !== null) return outcomeOf(await ask(handle, { userId, copy, ticket }, run), slid);
      return { status: 'live', record, user: known ?? null, slid, secret: secret === '' ? 'current' : secret };
    }

    return outcomeOf(await check(handle, run));
  };
}
