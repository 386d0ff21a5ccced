import type { Engine, Lifetimes } from '../engine-port.ts';
import { withExpiryPolicy, type ExpiryPolicy } from '../expiry-policy.ts';
import { openEngine } from '../registry.ts';
import type { NodeMiddleware } from '../node-request.ts';
import { sessionMiddleware, type SessionMiddlewareOptions } from '../session-middleware.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { createTestUsers, type TestUsers } from './test-users.ts';

export interface TestSessionsOptions extends Partial<Omit<SessionMiddlewareOptions, 'engine' | 'lifetimes' | 'now'>> {
  /** Two hours unused, a day at most, sliding; activity is written by every request. Pass those that differ. */
  readonly lifetimes?: Partial<Lifetimes> | undefined;
  readonly expiry?: ExpiryPolicy | undefined;
  /** @default createTestClock() */
  readonly clock?: TestClock | undefined;
  /** @default createTestUsers() */
  readonly users?: TestUsers | undefined;
}

export interface TestSessions {
  /** For the app: `app.use(sessions)`. */
  readonly sessions: NodeMiddleware;
  /** In memory. */
  readonly engine: Engine;
  readonly clock: TestClock;
  readonly users: TestUsers;
}

const HOUR_MS = 3_600_000;

/** Sessions in memory for the test of an app: a real session middleware, a real engine, users to add, and a clock to move. */
export async function createTestSessions({
  lifetimes: given,
  expiry,
  clock = createTestClock(),
  users = createTestUsers(),
  ...options
}: TestSessionsOptions = {}): Promise<TestSessions> {
  const lifetimes: Lifetimes = {
    ageMs: 2 * HOUR_MS,
    absoluteAgeMs: 24 * HOUR_MS,
    sliding: true,
    activityIntervalMs: 0,
    expireAtBrowserClose: false,
    ...given,
  };
  const memory = await openEngine('memory', { lifetimes, now: clock.now, users });
  const engine = expiry ? withExpiryPolicy(memory, { policy: expiry, now: clock.now }) : memory;
  const sessions = sessionMiddleware({
    cookie: { name: 'sid', secure: 'auto', sameSite: 'lax', path: '/' },
    secrets: ['a secret for tests, of 32 characters'],
    ...options,
    engine,
    lifetimes,
    now: clock.now,
  });
  return { sessions, engine, clock, users };
}
