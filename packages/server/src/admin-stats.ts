import type { Accounts } from '@gatehouse/accounts';
import { IMPORTANT_KINDS, type AdminStats } from '@gatehouse/contract';
import type { Engine } from '@gatehouse/session';
import type { EngineLatency } from './engine-latency.ts';
import { figure } from './figure.ts';
import type { Logger } from './logger.ts';
import { namedEvents } from './named-events.ts';

export interface AdminStatsParts {
  readonly accounts: Accounts;
  readonly engine: Engine;
  readonly latency: EngineLatency['read'];
  /** Writes the refused attempts that were not counted yet. */
  readonly flushBlocked: () => Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
}

const DAY_MS = 86_400_000;
const SAMPLE = 1000;
const MAX_AGENTS = 200;
/** Counting stops here. */
const MAX_EXPIRING = 5000;
const MAX_AT_LEAST = 5000;
/** The last time that every database can store: the year 9999. */
const ALWAYS_MS = 253_402_300_799_999;
const MAX_EVENTS = 10;
/** A part that takes longer is left out. */
const PART_TIMEOUT_MS = 1500;

/**
 * The figures of the overview, for all requests of this process.
 *
 * The function throws if no part could be read, such as when the storage is unavailable.
 */
export function adminStats({ accounts, engine, latency, flushBlocked, logger }: AdminStatsParts): () => Promise<AdminStats> {
  const part = <Value>(read: () => Promise<Value>, isCached = false): (() => Promise<Value | null>) =>
    figure({ read, isCached, timeoutMs: PART_TIMEOUT_MS });
  const parts = {
    users: part(() => accounts.countUsers(), true),
    active: active({
      exact: part(() => engine.count(), true),
      lower: part(() => atLeast(engine), true),
      onFailure: (error) => logger.warn({ err: error, part: 'active' }, 'The active sessions could not be counted.'),
    }),
    signIns: part(async () => {
      await flushBlocked();
      return accounts.signInCounts(new Date());
    }),
    browsers: part(async () => {
      const { sessions } = await engine.list({ limit: SAMPLE });
      return { counts: byUserAgent(sessions.map(({ record }) => record.userAgent)), sampled: sessions.length };
    }),
    expiringSoon: part(async () => {
      const sessions = await engine.countExpiring(Date.now() + DAY_MS, MAX_EXPIRING);
      return { sessions, isAtLeast: sessions === MAX_EXPIRING };
    }, true),
    important: part(async () => {
      const { events } = await accounts.listAudit({ kinds: [...IMPORTANT_KINDS], limit: MAX_EVENTS });
      return namedEvents(accounts, events);
    }),
  };

  return async () => {
    const at = new Date();
    const failures: unknown[] = [];
    async function orNull<Value>(name: keyof typeof parts, read: () => Promise<Value | null>): Promise<Value | null> {
      try {
        return await read();
      } catch (error) {
        failures.push(error);
        logger.warn({ err: error, part: name }, 'A part of the overview could not be read.');
        return null;
      }
    }
    const [users, active, signIns, browsers, expiringSoon, important] = await Promise.all([
      orNull('users', parts.users),
      orNull('active', parts.active),
      orNull('signIns', parts.signIns),
      orNull('browsers', parts.browsers),
      orNull('expiringSoon', parts.expiringSoon),
      orNull('important', parts.important),
    ]);
    const read = { users, active, signIns, browsers, expiringSoon, important };
    if (failures.length > 0 && Object.values(read).every((value) => value === null)) throw failures[0];
    return { at, ...read, engine: { name: engine.name, ...latency() } };
  };
}

interface Active {
  readonly exact: () => Promise<Awaited<ReturnType<Engine['count']>> | null>;
  readonly lower: () => Promise<AdminStats['active']>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Counting millions of sessions takes longer than anybody waits for a page, or than the storage may take. Until they have been counted, the
 * figure is how many there are at least.
 */
function active({ exact, lower, onFailure }: Active): () => Promise<AdminStats['active']> {
  return async () => {
    const counted = await exact().catch((error: unknown) => {
      onFailure(error);
      return null;
    });
    return counted ? { ...counted, isAtLeast: false } : lower();
  };
}

async function atLeast(engine: Engine): Promise<AdminStats['active']> {
  const [sessions, users] = await Promise.all([engine.countExpiring(ALWAYS_MS, MAX_AT_LEAST), engine.signedInUsers(MAX_AT_LEAST)]);
  return { sessions, users: users.length, isAtLeast: sessions === MAX_AT_LEAST };
}

function byUserAgent(agents: readonly (string | null)[]): NonNullable<AdminStats['browsers']>['counts'] {
  const counts = new Map<string | null, number>();
  for (const agent of agents) counts.set(agent, (counts.get(agent) ?? 0) + 1);
  return [...counts]
    .map(([userAgent, sessions]) => ({ userAgent, sessions }))
    .toSorted((one, other) => other.sessions - one.sessions)
    .slice(0, MAX_AGENTS);
}
