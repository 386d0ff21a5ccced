import type { LoadOutcome, LoadRequest, SessionRecord, StoredSession } from '../../engine-port.ts';
import { PREVIOUS_SECRET_GRACE_MS } from '../../secrets.ts';
import { assertFormat, formatOf, NewerFormatError } from '../record-format.ts';
import { isStorableId } from '../storable-id.ts';
import type { EndSession } from './end-session.ts';
import { slotKeys, slotOf } from './keys.ts';
import { toRecord, type StoredFields } from './record.ts';
import type { RedisContext } from './redis-context.ts';
import type { Checked, UserCheck } from './user-check.ts';
import { readUserCopy } from './user-copy.ts';

/** Instead of a request: also sessions of a newer format, for lists. */
const ANY_FORMAT = 'any format';

/**
 * With a request, loads a session by its secret; without one, a live session by its handle. `onRead` gets a session that
 * was only read, with the user as stored beside it: not while an account changes, because the user then comes from the source.
 * Throws NewerFormatError for a session that this version cannot read.
 */
export type LoadSession = (
  handle: string,
  request?: LoadRequest | typeof ANY_FORMAT,
  onRead?: (session: StoredSession) => void,
) => Promise<LoadOutcome>;

export function createLoadSession(context: RedisContext, { check, ask }: UserCheck, { endOne }: EndSession): LoadSession {
  const { redis, prefix, lifetimes, serializer, about, onCorrupt, indexes, isCluster, reindex } = context;
  const { activityIntervalMs, sliding } = lifetimes;

  return async (handle, asked, onRead) => {
    if (!isStorableId(handle)) return { status: 'absent' };
    const slot = slotOf(prefix, handle);
    const request = asked === ANY_FORMAT ? undefined : asked;
    const client = request?.client;
    const script = [
      asked === ANY_FORMAT ? 2 : Number(asked !== undefined),
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
      if (reply === 'corrupt') return corrupt(new TypeError('The session has missing fields.'));
      if (reply === 'expired') return { status: 'expired' };
      if (!Array.isArray(reply)) {
        if (user) await indexes.remove(user.id, [handle]).catch(() => undefined);
        return { status: 'absent' };
      }
      if (reply[0] === 'newer') throw new NewerFormatError(handle, formatOf(reply[1]));
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
        assertFormat(handle, reply.at(-1));
        return corrupt(error);
      }
      const { userId } = record;
      const slid = hasSlid || wrote === 'slid';
      // Not awaited. It is sent before any command that could depend on it, and the next slide repairs it if it is
      // lost.
      if (wrote === 'slid' && isCluster) reindex({ handle, userId: userId ?? '' }, record.expiresAtMs).catch(() => undefined);
      const known = userId === null ? null : (user ?? readUserCopy(copy, userId));
      // This version cannot read the copy, so query the source. A slide may have been written already; if the user is
      // gone, the session is still not served.
      if (known === undefined && userId !== null) return outcomeOf(await ask(handle, { userId, copy, ticket }, run), slid);
      if (wrote === '0' && !user) onRead?.({ record, user: known ?? null });
      return { status: 'live', record, user: known ?? null, slid, secret: secret === '' ? 'current' : secret };
    }

    return outcomeOf(await check(handle, run));
  };
}

/** Loads a session by its handle for a list, whatever its format; 'unreadable' if this version cannot read it at all. */
export async function loadListed(load: LoadSession, handle: string): Promise<LoadOutcome | { readonly status: 'unreadable' }> {
  try {
    return await load(handle, ANY_FORMAT);
  } catch (error) {
    if (error instanceof NewerFormatError) return { status: 'unreadable' };
    throw error;
  }
}
