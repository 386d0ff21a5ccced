import { randomUUID } from 'node:crypto';
import type { StoredSession } from '../../engine-port.ts';
import type { RedisCommands } from '../redis/redis-commands.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';
import { openCopy } from './copy.ts';
import { createWriteLease, type Monotonic } from './write-lease.ts';

/** The versions before the database was read. The result may be cached only if none of them has changed since. */
export type ReadTicket = readonly [ofSession: string, accounts: string, flushEpoch: string];

export interface CacheRead {
  /** A copy that may be served; undefined if there is none. */
  readonly session: StoredSession | undefined;
  /** undefined if no copy may be stored. */
  readonly ticket: ReadTicket | undefined;
}

/** `ending`: an end that may have to be repeated. `changing`: a change in progress. `ended`: an acknowledged end. */
export type MarkKind = 'ending' | 'changing' | 'ended';

/** Prevents copies. Both methods also invalidate existing copies and the tickets of readers that have already read the database. */
export interface CopyHold {
  /** No copies are stored until the token is released or a minute has passed. */
  hold(token: string): Promise<void>;
  release(token: string): Promise<void>;
}

export interface CacheParts {
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  readonly prefix: string;
  readonly maxAgeMs: number;
  readonly monotonic: Pick<Monotonic, 'now'>;
}

/**
 * Copies of live sessions in Redis, and the state that decides whether they may be served and stored: see scripts.ts.
 * Redis checks and writes in one step, so a slow reader cannot restore a session that has ended. The braces put all
 * keys into one hash slot.
 */
export function createCache({ redis, replicated, prefix, maxAgeMs, monotonic }: CacheParts) {
  const base = `{${prefix}cache}:`;
  const copyOf = (handle: string): string => `${base}c:${handle}`;
  const lease = createWriteLease(monotonic);

  const holdOn = (key: string, generations: readonly string[]): CopyHold => ({
    hold: async (token) => void (await replicated.holdCopies(base + key, [token, ...generations])),
    release: async (token) => void (await replicated.releaseCopies(base + key, [token, ...generations])),
  });

  return {
    /** Reads a copy and a ticket in one round trip. */
    async get(handle: string): Promise<CacheRead> {
      const [sentAtMs, isProof] = [monotonic.now(), lease.isDue()];
      const reply = await redis.readCopy(copyOf(handle), [base, handle, randomUUID(), isProof ? '1' : '0']);
      const [proven, record = '', user = '', ...ticket] = reply as string[];
      if (proven === '1') lease.prove(sentAtMs);
      const copy = record === '' ? undefined : openCopy({ record, user }, handle);
      // A copy that this version cannot read is left alone. Otherwise servers of two versions would overwrite each
      // other's copies.
      const mayCopy = ticket.every((generation) => generation !== '') && (record === '' || copy !== undefined);
      return { session: lease.isValid() ? copy : undefined, ticket: mayCopy ? (ticket as unknown as ReadTicket) : undefined };
    },

    async setIfUnchanged({ record, user }: StoredSession, ticket: ReadTicket, lifeMs: number): Promise<void> {
      const age = Math.max(1, Math.min(maxAgeMs, lifeMs));
      const copy = [JSON.stringify(record), JSON.stringify(user), age, randomUUID()];
      await redis.setCopyIfUnchanged(copyOf(record.handle), [base, record.handle, record.userId ?? '', ...ticket, ...copy]);
    },

    /** Removes an outdated copy. Its readers may continue. */
    async invalidate(handle: string): Promise<void> {
      await redis.invalidateCopy(copyOf(handle), [base, handle]);
    },

    /** Prevents copies of this session until the mark is released or a minute has passed. */
    async mark(handle: string, mark: { kind: 'ending' | 'changing'; userId: string | null; token: string }): Promise<void> {
      await replicated.markCopy(copyOf(handle), [base, handle, mark.kind, mark.userId ?? '', mark.token]);
    },

    /** The current mark, and the user of its session. */
    async inspect(handle: string): Promise<{ kind: MarkKind; userId: string } | undefined> {
      const [kind, userId] = (await redis.inspectCopy(copyOf(handle), [])) as [MarkKind | '', string];
      return kind === '' ? undefined : { kind, userId };
    },

    /**
     * Removes the mark with this token, or changes it to `ended`. false if there was no mark, so that a copy may have
     * been stored since.
     */
    release: async (handle: string, token: string, leave: 'ended' | '' = ''): Promise<boolean> =>
      (await redis.releaseCopy(copyOf(handle), [token, leave])) === 1,

    /** All copies of one user. */
    ofUser: (userId: string): CopyHold => holdOn(`h:${userId}`, [`${base}ug:${userId}`, `${base}accounts`]),

    /** All copies. */
    ofAll: holdOn('h-all', [`${base}era`]),
  };
}

export type Cache = ReturnType<typeof createCache>;
