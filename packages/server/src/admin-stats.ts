import type { Accounts } from '@gatehouse/accounts';
import type { ActivityKind, AdminStats } from '@gatehouse/contract';
import type { Engine } from '@gatehouse/session';
import type { EngineLatency } from './engine-latency.ts';
import { namedEvents } from './named-events.ts';

export interface AdminStatsParts {
  readonly accounts: Accounts;
  readonly engine: Engine;
  readonly latency: EngineLatency['read'];
  /** Writes the refused attempts that were not counted yet. */
  readonly flushBlocked: () => Promise<void>;
}

const DAY_MS = 86_400_000;
const SAMPLE = 1000;
const MAX_AGENTS = 200;
/** Counting stops here. */
const MAX_EXPIRING = 10_000;
const MAX_EVENTS = 10;

/** Events that an administrator should see: rights, passwords by others, accounts, and attacks. */
const IMPORTANT: readonly ActivityKind[] = [
  'locked',
  'unlocked',
  'role_changed',
  'suspended',
  'reactivated',
  'sessions_revoked',
  'user_created',
  'user_deleted',
];

export async function adminStats({ accounts, engine, latency, flushBlocked }: AdminStatsParts): Promise<AdminStats> {
  const at = new Date();
  await flushBlocked();
  const [users, active, signIns, sample, expiring, important] = await Promise.all([
    accounts.countUsers(),
    engine.count(),
    accounts.signInCounts(at),
    engine.list({ limit: SAMPLE }),
    engine.countExpiring(at.getTime() + DAY_MS, MAX_EXPIRING),
    accounts.listAudit({ kinds: IMPORTANT, limit: MAX_EVENTS }),
  ]);
  const { events, accounts: named } = await namedEvents(accounts, important.events);
  return {
    at,
    users,
    active,
    signIns,
    browsers: { counts: byUserAgent(sample.sessions.map(({ record }) => record.userAgent)), sampled: sample.sessions.length },
    expiringSoon: { sessions: expiring, isAtLeast: expiring === MAX_EXPIRING },
    engine: { name: engine.name, ...latency() },
    important: { events, accounts: named },
  };
}

function byUserAgent(agents: readonly (string | null)[]): AdminStats['browsers']['counts'] {
  const counts = new Map<string | null, number>();
  for (const agent of agents) counts.set(agent, (counts.get(agent) ?? 0) + 1);
  return [...counts]
    .map(([userAgent, sessions]) => ({ userAgent, sessions }))
    .toSorted((one, other) => other.sessions - one.sessions)
    .slice(0, MAX_AGENTS);
}
