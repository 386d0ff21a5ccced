import { evictedSessions } from '../../engine-options.ts';
import type { CreateOptions, SessionRecord } from '../../engine-port.ts';
import { StorageUnavailableError } from '../../errors.ts';
import { shardTagOf } from '../../session-id.ts';
import { UnreadableUserError, type FoundUser } from '../../user-source.ts';
import { findUser } from '../users-of.ts';
import type { EndSession } from './end-session.ts';
import { inChunks } from './in-chunks.ts';
import { slotKeys, slotOf } from './keys.ts';
import { recordFields } from './record.ts';
import type { RedisContext } from './redis-context.ts';
import type { UserCheck } from './user-check.ts';

/** Sign-ins beside so many ends of all sessions of their user. */
const MAX_TRIES = 10;

/** What was known of the user before the record is stored. */
interface Sighting {
  readonly floor: string;
  readonly ticket: string;
  readonly credentialEpoch: number;
  /** Empty: none is kept. */
  readonly copy: string;
}

const NOBODY: Sighting = { floor: '0', ticket: '', credentialEpoch: 0, copy: '' };

export function createCreateSession(context: RedisContext, { newTicket }: UserCheck, { endOne }: EndSession) {
  const { redis, prefix, users, serializer, about, now, tagOf, indexes, reindex, reindexClaimed, limitPerUser = 0, onEvicted } = context;

  /** undefined: the user may not have this session. */
  async function lookAt(userId: string, { handle, credentialEpoch }: SessionRecord): Promise<Sighting | undefined> {
    const seen = await redis.lookAtUser(slotKeys(slotOf(prefix, handle), handle), [...about(handle), userId, newTicket()]);
    const [floor, ticket] = seen as [string, string];
    let found: FoundUser | undefined;
    try {
      found = await findUser(users, userId);
    } catch (error) {
      // A version that knows what the account holds may have asked for it, and can serve the session.
      if (error instanceof UnreadableUserError) return { floor, ticket, credentialEpoch, copy: '' };
      throw error;
    }
    if (!found || found.credentialEpoch > credentialEpoch) return undefined;
    return { floor, ticket, credentialEpoch: found.credentialEpoch, copy: JSON.stringify(found.user) };
  }

  /** What the user had too many of. undefined: refused. */
  async function store(record: SessionRecord, successor: string | undefined): Promise<readonly string[] | undefined> {
    const { handle, userId, expiresAtMs } = record;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      // Looked up before the record is there: whoever ends the user's sessions meanwhile moves the floor.
      const user = userId === null || successor !== undefined ? NOBODY : await lookAt(userId, record);
      if (!user) return undefined;
      const args = [
        ...about(handle),
        Math.max(1, expiresAtMs - now()),
        userId ?? '',
        expiresAtMs,
        record.lastActivityAtMs,
        user.floor,
        user.ticket,
        user.credentialEpoch,
        user.copy,
        limitPerUser,
        successor ?? '',
        ...recordFields(record, serializer),
      ];
      const made = await redis.createSession(slotKeys(slotOf(prefix, handle), handle), args).catch(async (error: unknown) => {
        // Perhaps the answer alone was lost. Nobody has this session's cookie.
        await endOne(handle, { mode: 'every', userId: userId ?? '' }).catch(() => undefined);
        throw error;
      });
      if (made === 'taken') throw new Error('A session with this handle is stored already.');
      if (made === 'foreign') throw new Error('The shard tag of this user is that of another user.');
      if (made === 'refused') return undefined;
      if (made !== 'moved') return made as readonly string[];
    }
    throw new StorageUnavailableError('All sessions of this user are being ended.');
  }

  async function endSurplus(record: SessionRecord, surplus: readonly string[]): Promise<void> {
    if (surplus.length === 0) return;
    await inChunks(surplus, (handle) => endOne(handle, { mode: 'every', userId: record.userId ?? '' }));
    await onEvicted?.(
      evictedSessions(
        record,
        surplus.map((handle) => ({ handle })),
        now(),
      ),
    );
  }

  return async (record: SessionRecord, { successor }: CreateOptions = {}): Promise<boolean> => {
    const { handle, expiresAtMs } = record;
    const userId = record.userId ?? '';
    if (userId !== '' && successor === undefined && shardTagOf(handle) !== (await tagOf(userId)))
      throw new Error('This handle is of another user’s slot: take it from `newHandle`, and again where Redis was emptied meanwhile.');
    if (successor !== undefined) {
      await store(record, successor);
      await reindexClaimed(handle, expiresAtMs);
      return true;
    }
    // First: a record that is in no index would never be listed or purged.
    await indexes.add({ handle, userId }, expiresAtMs);
    let surplus: readonly string[] | undefined;
    try {
      surplus = await store(record, undefined);
    } finally {
      // The handle may be that of another session.
      if (!surplus) await endOne(handle, { mode: 'dead', userId }).catch(() => undefined);
    }
    if (!surplus) return false;
    try {
      await endSurplus(record, surplus);
      // Again: whoever came across the entry before there was a record has removed it.
      await reindex({ handle, userId }, expiresAtMs);
      return true;
    } catch (error) {
      // Both or neither: nobody has this session's cookie.
      await endOne(handle, { mode: 'every', userId }).catch(() => undefined);
      throw error;
    }
  };
}
