import type { SessionUser } from '@gatehouse/contract';
import type { Engine, LiveSession, LoadOutcome, PageRequest, SessionRecord, Visit } from '../../engine-port.ts';
import { StorageUnavailableError } from '../../errors.ts';
import { evictedSessions, type EngineOptions } from '../../engine-options.ts';
import type { RedisCommands } from './redis-commands.ts';
import type { ReplicatedCommands } from './replicated.ts';
import { createEndUser } from './end-user.ts';
import { isPossibleName } from '../possible-name.ts';
import { createIndexes, entries, listed, type IndexedClocks, type IndexEntry, type UserPage } from './indexes.ts';
import { clockFields, recordFields, toStoredSession, type Serializer, type StoredFields } from './record.ts';
import { sameSlot } from './same-slot.ts';
import { settleAll } from './settle-all.ts';
import { standingUser, type StandingUser } from './standing-user.ts';
import { readUserCopy, renewedUserCopy } from './user-copy.ts';

export interface RedisEngineOptions extends EngineOptions {
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  readonly isCluster: boolean;
  /** Before every key. */
  readonly prefix: string;
  /** How session data becomes text. */
  readonly serializer: Serializer;
  readonly close: () => Promise<void>;
}

/** Records that one round trip reads or ends. */
const CHUNK = 200;

/** Sessions that one script ends: Redis does nothing else meanwhile, for a few milliseconds. */
const MAX_BATCH = 1000;

const FIRST_PAGE: PageRequest = { limit: 100 };

/** Sessions in Redis. Accounts stay in the database; a copy of each signed-in one lies in its sessions. */
export async function createRedisEngine(options: RedisEngineOptions): Promise<Engine> {
  const { redis, replicated, isCluster, prefix, serializer, database, lifetimes, now = Date.now, close } = options;
  const { limitPerUser = 0, onCorrupt, onExpired, onEvicted } = options;
  const { ageMs, absoluteAgeMs, sliding, activityIntervalMs } = lifetimes;
  const indexes = createIndexes(redis, prefix);
  const ending = createEndUser({ redis, replicated, indexes, prefix, now });
  const standing = standingUser(database.prisma);
  // Half a surrogate pair goes to the server as U+FFFD, of which a client of a cluster takes the slot only if it says so itself.
  const recordKey = (key: string): string => prefix + key.toWellFormed();
  /** What every script on a record begins with. */
  const about = (key: string): (string | number)[] => [key, isCluster ? '' : indexes.name, now()];
  const barOf = (userId: string): string => `${prefix}bar:${userId.toWellFormed()}`;
  /** No user has an empty id: that is everyone. Without an expiry, for nobody knows how long the earlier app's sessions live. */
  const adoptionMarkOf = (userId: string): string => `${prefix}unadoptable:${userId.toWellFormed()}`;
  const refuseAdoption = async (userId: string): Promise<void> => void (await replicated.refuseAdoption(adoptionMarkOf(userId), [now()]));
  /** Redis' clock is not ours: it is told how long, not until when. */
  const timeToLive = (expiresAtMs: number): number => Math.max(1, expiresAtMs - now());

  await settleAll({ redis, indexes, prefix, lifetimes, now });

  async function load(key: string, visit?: Visit): Promise<LoadOutcome> {
    if (!isPossibleName(key)) return { status: 'absent' };
    const policy = [Number(visit !== undefined), activityIntervalMs, ageMs, absoluteAgeMs, Number(sliding)];
    const reply = await redis.loadSession(recordKey(key), [...about(key), ...policy, visit?.ip ?? '', visit?.userAgent ?? '']);
    if (reply === 'absent' || reply === 'expired') return { status: reply };
    const fields = Array.isArray(reply) ? (reply as StoredFields) : [];
    let session: ReturnType<typeof toStoredSession>;
    try {
      session = toStoredSession(key, fields, serializer);
    } catch (error) {
      onCorrupt?.({ engine: 'redis', handle: fields[0] ?? key, error });
      await end(key);
      return { status: 'absent' };
    }
    const slid = fields.at(-1) === '1';
    // Not awaited: it leaves before any command that could miss it, and the next slide mends one that is lost.
    if (slid && isCluster) index(entryOf(session.record), session.record).catch(() => undefined);
    const { record, userCopy } = session;
    const user = record.userId === null ? null : (readUserCopy(userCopy, record.userId) ?? (await userFromSource(record, userCopy)));
    return user === undefined ? { status: 'absent' } : { status: 'live', record, user, slid };
  }

  /**
   * The user of a session whose copy of them does not fit, from the database. undefined: nobody is signed in. The session is not ended for
   * that: a server of another version may know what this one does not.
   */
  async function userFromSource(
    { key, handle, userId, credentialEpoch }: SessionRecord,
    userCopy: string,
  ): Promise<SessionUser | undefined> {
    const source = userId === null ? undefined : await standing(userId, credentialEpoch);
    if (!source || userId === null) return undefined;
    if (!source.user) {
      onCorrupt?.({ engine: 'redis', handle, error: source.problem });
      return undefined;
    }
    const renewed = renewedUserCopy(userCopy, source.user, now());
    // Only over what was read: whoever has changed the account since then has written a newer copy. One that is not written is read again.
    if (renewed !== undefined && userCopy !== '')
      await redis.setUser(recordKey(key), [...about(key), userId, renewed, userCopy]).catch(() => undefined);
    return source.user;
  }

  /** Ends one session, whatever its state; true if it was live. `known`: what the indexes hold of it, should the record be gone. */
  async function end(key: string, known?: IndexEntry): Promise<boolean> {
    const reply = (await replicated.endSession(recordKey(key), [...about(key), ageMs, absoluteAgeMs, 'all'])) as string[] | null;
    const [handle = known?.handle, userId = known?.userId, live] = reply ?? [];
    if (handle !== undefined && (isCluster || !reply)) await indexes.remove({ key, handle, userId: userId ?? '' });
    return live === '1';
  }

  /** On a cluster, for a record that was there: one that was ended meanwhile leaves no entry. */
  async function index(entry: IndexEntry, clocks: IndexedClocks): Promise<void> {
    await indexes.add(entry, clocks);
    if ((await redis.exists(recordKey(entry.key))) === 0) await indexes.remove(entry);
  }

  /** `work` on all of them, many at a time. */
  async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
    const results: Result[] = [];
    for (let start = 0; start < items.length; start += CHUNK)
      results.push(...(await Promise.all(items.slice(start, start + CHUNK).map(work))));
    return results;
  }

  const endAll = async (entries: readonly IndexEntry[]): Promise<number> =>
    (await each(entries, (entry) => end(entry.key, entry))).filter(Boolean).length;

  async function loadAll(keys: readonly string[]): Promise<LiveSession[]> {
    const outcomes = await each(keys, (key) => load(key));
    return outcomes.flatMap((outcome) => (outcome.status === 'live' ? [{ record: outcome.record, user: outcome.user }] : []));
  }

  /** `version`: only if it is this one, and then it is raised. */
  async function write(
    key: string,
    version: number | '',
    clocks: IndexedClocks,
    fields: readonly string[],
  ): Promise<'written' | 'conflict' | 'gone'> {
    const reply = await redis.writeSession(recordKey(key), [
      ...about(key),
      version,
      ageMs,
      absoluteAgeMs,
      timeToLive(clocks.expiresAtMs),
      ...fields,
    ]);
    if (reply === 'gone' || reply === 'conflict') return reply;
    const [handle = '', userId = ''] = reply as string[];
    if (isCluster) await index({ key, handle, userId }, clocks);
    return 'written';
  }

  /**
   * An account that was changed while its session was being made: whoever changed it looked for its sessions before
   * this one was there, or after. If before, the database has the change by now.
   */
  async function isStillStanding(
    record: SessionRecord & { readonly userId: string },
    before: StandingUser,
    { goesOn }: { goesOn: boolean },
  ): Promise<boolean> {
    const [today, bars] = await Promise.all([
      standing(record.userId, record.credentialEpoch),
      // One that goes on needs no bar: had it been ended, it would find that, and what it has become is found by who looks again.
      goesOn ? 0 : redis.exists(barOf(record.userId)),
    ]);
    // Someone who looked for sessions before this one was there is about to change the account.
    if (bars > 0) throw new StorageUnavailableError('The account is being changed.');
    const [old, text] = [copyOf(before), today && copyOf(today)];
    // Only over what this sign-in wrote: another change may have come to the session since the database was asked.
    if (text && text !== old) await replicated.setUser(recordKey(record.key), [...about(record.key), record.userId, text, old]);
    return today !== undefined;
  }

  /** Where it says what has taken the place of a session, which may be over by now, and another in its place. */
  const successorKey = (key: string): string => sameSlot(recordKey(key), 'replaced');
  const successorOf = (key: string): Promise<string | null> => redis.get(successorKey(key));

  /**
   * Ends the session that is replaced, or what stands in its place by now. That it ends and that this one is
   * in its place is one step: whoever follows comes to those only that did stand, and never to one that is about to be taken back.
   * Whether it was live, and what its user had too many of.
   */
  async function replace(
    replaced: string,
    record: SessionRecord,
    onlyIfLive: boolean,
  ): Promise<{ wasLive: boolean; surplus: readonly string[] }> {
    let wasLive = false;
    let surplus: readonly string[] = [];
    const limit = onlyIfLive ? 0 : limitPerUser;
    for (let key = replaced; key !== '' && key !== record.key;) {
      const place = [successorKey(key), record.key, timeToLive(record.expiresAtMs), Number(onlyIfLive), record.userId ?? '', limit];
      const reply = await replicated.replaceSession(recordKey(key), [...about(key), ageMs, absoluteAgeMs, ...place]);
      const [handle = '', userId = '', live, successor = '', ...ended] = reply as string[];
      if (isCluster && handle !== '') await indexes.remove({ key, handle, userId });
      if (live === '1') wasLive = true;
      surplus = ended;
      key = successor;
    }
    return { wasLive, surplus };
  }

  /** On a cluster what a user has too many of is found where the indexes are, and ended where it is. */
  async function claimSurplus({ key, userId }: SessionRecord): Promise<readonly string[]> {
    return (await redis.claimSurplus(indexes.node, [indexes.name, userId ?? '', key, limitPerUser, now()])) as string[];
  }

  /** One server has ended them with the new one. On a cluster it is done here, and where replicas are waited for once more. */
  async function endSurplus(record: SessionRecord, surplus: readonly string[]): Promise<void> {
    if (surplus.length === 0) return;
    const ended = listed(surplus).map((entry) => ({ ...entry, userId: record.userId ?? '' }));
    if (isCluster || (replicated as unknown) !== redis) await each(ended, (entry) => end(entry.key, entry));
    await onEvicted?.(evictedSessions(record, ended, now()));
  }

  async function reportExpired(gone: readonly IndexEntry[]): Promise<number> {
    const at = new Date(now());
    const sessions = gone.flatMap(({ handle, userId }) => (userId === '' ? [] : [{ handle, userId, at }]));
    if (gone.length > 0) await onExpired?.({ sessions, removed: gone.length });
    return gone.length;
  }

  async function purgeOneServer(batch: number): Promise<number> {
    const args = [indexes.name, prefix, now(), ageMs, absoluteAgeMs, Math.min(batch, MAX_BATCH)];
    return reportExpired(entries((await redis.purgeExpired(indexes.node, args)) as string[]));
  }

  return {
    name: 'redis',
    inDatabase: false,
    redis: { commands: redis, prefix },

    async create(record, { replaces, onlyIfLive = false } = {}) {
      const { key, userId, credentialEpoch, handle, expiresAtMs } = record;
      const user = userId === null ? null : await standing(userId, credentialEpoch);
      if (user === undefined) return false;
      if (replaces === key) await end(key);
      // On a cluster first: whoever ends the user's sessions meanwhile looks there.
      if (isCluster) await indexes.add(entryOf(record), record);
      const isReplacing = replaces !== undefined && replaces !== key;
      // What is replaced is counted no more: so its user's sessions are counted when it is gone.
      const limit = isReplacing || onlyIfLive ? 0 : limitPerUser;
      const made = await redis.createSession(recordKey(key), [
        ...about(key),
        timeToLive(expiresAtMs),
        handle,
        userId ?? '',
        expiresAtMs,
        record.lastActivityAtMs,
        limit,
        ...recordFields(record, user ? copyOf(user) : '', serializer),
      ]);
      if (made === 0) throw new Error('There is a session of this key already.');
      try {
        // Told at once: these have ended, whatever becomes of the new one.
        await endSurplus(record, made as readonly string[]);
        let surplus: readonly string[] = [];
        let stands =
          userId === null ||
          user === null ||
          (await isStillStanding({ ...record, userId }, user, { goesOn: replaces !== undefined && onlyIfLive }));
        if (stands && isReplacing) {
          const outcome = await replace(replaces, record, onlyIfLive);
          // Of those who end one session, one is told that it was live: a sign-out, or this.
          stands = outcome.wasLive || !onlyIfLive;
          surplus = outcome.surplus;
        }
        if (stands && isCluster) {
          // Again: whoever came across the entry before there was a record has removed it.
          await index(entryOf(record), record);
          if (userId !== null && limitPerUser > 0 && !onlyIfLive) surplus = await claimSurplus(record);
        }
        await endSurplus(record, surplus);
        if (!stands) await end(key);
        return stands;
      } catch (error) {
        // Both or neither: nobody has this session's cookie.
        await end(key).catch(() => undefined);
        throw error;
      }
    },

    load,

    async update(key, { expectedVersion, data, clocks }) {
      const outcome = await write(key, expectedVersion, clocks, ['d', serializer.stringify(data), ...clockFields(clocks)]);
      return { status: outcome === 'written' ? 'updated' : outcome };
    },

    async touch(key, clocks, visit) {
      const seen = visit ? ['i', visit.ip ?? '', 'g', visit.userAgent ?? ''] : [];
      return (await write(key, '', clocks, [...clockFields(clocks), ...seen])) === 'written';
    },

    async destroy(key) {
      if (!isPossibleName(key)) return false;
      let ended = false;
      // Ended before it is asked what is in its place: what wants to be there from then on finds it gone.
      for (let one: string | null = key; one !== null; one = await successorOf(one)) if (await end(one)) ended = true;
      return ended;
    },

    async isReplaced(key) {
      for (let one = await successorOf(key); one !== null; one = await successorOf(one))
        if ((await redis.exists(recordKey(one))) === 1) return true;
      return false;
    },

    async findByHandle(handle) {
      const key = await indexes.keyOfHandle(handle);
      return key === undefined ? undefined : (await loadAll([key]))[0];
    },

    async listByUser(userId, { limit, after } = FIRST_PAGE) {
      const sessions: LiveSession[] = [];
      let next = after;
      do {
        const page: UserPage = await indexes.pageOfUser(userId, {
          limit: Math.min(limit - sessions.length, MAX_BATCH),
          after: next,
          nowMs: now(),
        });
        sessions.push(...(await loadAll(page.keys)));
        next = page.next;
      } while (next !== undefined && sessions.length < limit);
      // On a cluster an entry may lag behind its record.
      return { sessions: sessions.toSorted((one, other) => other.record.lastActivityAtMs - one.record.lastActivityAtMs), next };
    },

    async list({ limit, after }) {
      const page = await indexes.page(after, limit);
      return { sessions: await loadAll(page.map(({ key }) => key)), next: page.length === limit ? page.at(-1)?.handle : undefined };
    },

    async destroyByUser(userId, { exceptKey } = {}) {
      if (!isPossibleName(userId)) return 0;
      await refuseAdoption(userId);
      const seen = new Set<string>();
      let ended = 0;
      if (!isCluster) {
        const outcome = await ending.endUser(userId, exceptKey);
        if (outcome.isMany) return outcome.ended;
        ended = outcome.ended;
      }
      for (;;) {
        const keys = (await indexes.keysOfUser(userId)).filter((key) => key !== exceptKey);
        const before = ended;
        ended += (await each(keys, (key) => end(key))).filter(Boolean).length;
        // Looked for again until there is nothing new: one whose id was changed meanwhile is listed under the new one only now.
        if (ended === before && keys.every((key) => seen.has(key))) return ended;
        for (const key of keys) seen.add(key);
      }
    },

    async refusesAdoption(userId) {
      const marks = await Promise.all([userId, ''].map((subject) => redis.exists(adoptionMarkOf(subject))));
      return marks.some((mark) => mark > 0);
    },

    bar: async (userId, { owner, forMs }) => void (await replicated.barUser(barOf(userId), [owner, forMs])),

    async destroyAll() {
      await refuseAdoption('');
      let ended = 0;
      for (let some = await indexes.first(CHUNK); some.length > 0; some = await indexes.first(CHUNK)) ended += await endAll(some);
      return ended;
    },

    count: () => indexes.count(now()),

    async purgeExpired(batch) {
      if (!isCluster) return purgeOneServer(batch);
      const claimed = await indexes.claimExpired(now(), batch);
      const removed = await each(claimed, async (entry) => {
        const reply = await redis.endSession(recordKey(entry.key), [...about(entry.key), ageMs, absoluteAgeMs, 'dead']);
        if (typeof reply !== 'string') return [entry];
        // Renewed, and its entry lagged behind.
        const [expiresAtMs, lastActivityAtMs] = reply.split(' ').map(Number) as [number, number];
        await index(entry, { expiresAtMs, lastActivityAtMs });
        return [];
      });
      return reportExpired(removed.flat());
    },

    lease: async ({ name, owner, forMs }) => (await redis.holdLease(`${prefix}lease:${name}`, [owner, now(), forMs])) === 1,

    async userChanged(user) {
      const text = JSON.stringify(user);
      await each(await indexes.keysOfUser(user.id), (key) => replicated.setUser(recordKey(key), [...about(key), user.id, text, '']));
    },

    async close() {
      await ending.close();
      await close();
    },
  };
}

/** Never empty: it is compared by what is stored. Of a user whom this version cannot read, one that fits no version. */
const copyOf = ({ user }: StandingUser): string => JSON.stringify(user ?? {});

const entryOf = ({ key, handle, userId }: SessionRecord): IndexEntry => ({ key, handle, userId: userId ?? '' });
