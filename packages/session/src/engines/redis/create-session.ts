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

/** Each try means that all sessions of the user were ended at the same moment. */
const MAX_TRIES = 10;

/** What is known about the user before the record is stored. */
interface UserState {
  readonly floor: string;
  readonly ticket: string;
  readonly credentialEpoch: number;
  /** The user as JSON; empty: no copy is stored. */
  readonly copy: string;
}

const NO_USER: UserState = { floor: '0', ticket: '', credentialEpoch: 0, copy: '' };

export function createCreateSession(context: RedisContext, { newTicket }: UserCheck, { endOne }: EndSession) {
  const { redis, prefix, users, serializer, about, now, tagOf, indexes, reindex, reindexClaimed, limitPerUser = 0, onEvicted } = context;

  /** undefined if the user may not have this session. */
  async function readUser(userId: string, { handle, credentialEpoch }: SessionRecord): Promise<UserState | undefined> {
    const seen = await redis.readUserState(slotKeys(slotOf(prefix, handle), handle), [...about(handle), userId, newTicket()]);
    const [floor, ticket] = seen as [string, string];
    let found: FoundUser | undefined;
    try {
      found = await findUser(users, userId);
    } catch (error) {
      // A server of a newer version, which can read the account, may have requested the session.
      if (error instanceof UnreadableUserError) return { floor, ticket, credentialEpoch, copy: '' };
      throw error;
    }
    if (!found || found.credentialEpoch > credentialEpoch) return undefined;
    return { floor, ticket, credentialEpoch: found.credentialEpoch, copy: JSON.stringify(found.user) };
  }

  /** Stores the record. Returns the handles that exceed the limit, or undefined if it was refused. */
  async function store(record: SessionRecord, successor: string | undefined): Promise<readonly string[] | undefined> {
    const { handle, userId, expiresAtMs } = record;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      // Look up the user first: a call that ends all of the user's sessions in the meantime raises the floor.
      const user = userId === null || successor !== undefined ? NO_USER : await readUser(userId, record);
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
      const reply = await redis.createSession(slotKeys(slotOf(prefix, handle), handle), args).catch(async (error: unknown) => {
        // Perhaps only the reply was lost. No browser has this session's cookie.
        await endOne(handle, { mode: 'every', userId: userId ?? '' }).catch(() => undefined);
        throw error;
      });
      if (reply === 'taken') throw new Error('A session with this handle already exists.');
      if (reply === 'foreign') throw new Error('The shard tag of this user belongs to another user.');
      if (reply === 'refused') return undefined;
      if (reply !== 'moved') return reply as readonly string[];
    }
    throw new StorageUnavailableError('All sessions of this user are being ended. Try again.');
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
      throw new Error('This handle is not in the user’s slot. Get it from `newHandle`; if Redis was emptied since, get a new one.');
    if (successor !== undefined) {
      await store(record, successor);
      await reindexClaimed(handle, expiresAtMs);
      return true;
    }
    // Index it first: a record in no index would never be listed or purged.
    await indexes.add({ handle, userId }, expiresAtMs);
    let surplus: readonly string[] | undefined;
    try {
      surplus = await store(record, undefined);
    } finally {
      // Remove the index entry unless a live session has this handle.
      if (!surplus) await endOne(handle, { mode: 'dead', userId }).catch(() => undefined);
    }
    if (!surplus) return false;
    try {
      await endSurplus(record, surplus);
      // Index it again, because another process that found the entry before there was a record has removed it.
      await reindex({ handle, userId }, expiresAtMs);
      return true;
    } catch (error) {
      // All or nothing: no browser has this session's cookie.
      await endOne(handle, { mode: 'every', userId }).catch(() => undefined);
      throw error;
    }
  };
}
