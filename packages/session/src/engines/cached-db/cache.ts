import { randomUUID } from 'node:crypto';
import type { LiveSession } from '../../engine-port.ts';
import type { RedisCommands } from '../redis/redis-commands.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';
import { openCopy } from './copy.ts';
import { createWriteLease, type Monotonic } from './write-lease.ts';

/** The generations that stood before the database was asked: what was read there may be kept only if all of them still stand. */
export type Ticket = readonly [ofSession: string, accounts: string, era: string];

export interface Seen {
  /** A copy that may be served now. */
  readonly session: LiveSession | undefined;
  /** undefined: no copy may be made. */
  readonly ticket: Ticket | undefined;
}

/** An end that may have to be repeated, a change, or an end that was acknowledged. */
export type MarkKind = 'ending' | 'changing' | 'ended';

/** Both invalidate the copies that are there, and readers that have asked the database before. */
export interface CopyHold {
  /** No copies from here on, until the token is released or a minute is over. */
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
 * Copies of live sessions in Redis, with all that says whether they may be served and made: scripts.ts. Redis judges both in one step, so
 * no reader that was slow puts back what someone has ended. The braces put all keys into one hash slot.
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
    /** One round trip. */
    async read(handle: string): Promise<Seen> {
      const [sentAtMs, isProof] = [monotonic.now(), lease.isDue()];
      const reply = await redis.readCopy(copyOf(handle), [base, handle, randomUUID(), isProof ? '1' : '0']);
      const [proven, record = '', user = '', ...ticket] = reply as string[];
      if (proven === '1') lease.prove(sentAtMs);
      const copy = record === '' ? undefined : openCopy({ record, user }, handle);
      // One that this version cannot read stays: servers of two versions would write over each other's copies, each in turn.
      const mayKeep = ticket.every((generation) => generation !== '') && (record === '' || copy !== undefined);
      return { session: lease.isValid() ? copy : undefined, ticket: mayKeep ? (ticket as unknown as Ticket) : undefined };
    },

    async keep({ record, user }: LiveSession, ticket: Ticket, lifeMs: number): Promise<void> {
      const age = Math.max(1, Math.min(maxAgeMs, lifeMs));
      const copy = [JSON.stringify(record), JSON.stringify(user), age, randomUUID()];
      await redis.keepCopy(copyOf(record.handle), [base, record.handle, record.userId ?? '', ...ticket, ...copy]);
    },

    /** The copy is of an older version: whoever is told may go on. */
    async forget(handle: string): Promise<void> {
      await redis.forgetCopy(copyOf(handle), [base, handle]);
    },

    /** No copy of this session from here on, until the mark is released or a minute is over. */
    async mark(handle: string, mark: { kind: 'ending' | 'changing'; userId: string | null; token: string }): Promise<void> {
      await replicated.markCopy(copyOf(handle), [base, handle, mark.kind, mark.userId ?? '', mark.token]);
    },

    /** The mark that stands there, and whose session it is. */
    async inspect(handle: string): Promise<{ kind: MarkKind; userId: string } | undefined> {
      const [kind, userId] = (await redis.inspectCopy(copyOf(handle), [])) as [MarkKind | '', string];
      return kind === '' ? undefined : { kind, userId };
    },

    /** Ends the mark of this token, or leaves `ended` in its place. false: no mark stood, so a copy may have been made meanwhile. */
    release: async (handle: string, token: string, leave: 'ended' | '' = ''): Promise<boolean> =>
      (await redis.releaseCopy(copyOf(handle), [token, leave])) === 1,

    /** One user's copies, all together. */
    ofUser: (userId: string): CopyHold => holdOn(`h:${userId}`, [`${base}ug:${userId}`, `${base}accounts`]),

    /** All copies. */
    ofAll: holdOn('h-all', [`${base}era`]),
  };
}

export type Cache = ReturnType<typeof createCache>;
