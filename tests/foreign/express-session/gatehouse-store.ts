import { openEngine, SessionStore, withDeadline } from '@gatehouse/session';

const DAY_MS = 24 * 60 * 60 * 1000;
const lifetimes = { ageMs: DAY_MS, absoluteAgeMs: 90 * DAY_MS, sliding: true, activityIntervalMs: 60_000, expireAtBrowserClose: false };

/** Sessions of express-session have no user that Gatehouse knows. */
const users = { find: async () => undefined };
const engine = await openEngine('redis', { lifetimes, users, redisUrl: process.env['REDIS_URL'] ?? 'redis://localhost:6379' });

export const store = new SessionStore({ engine: withDeadline(engine, 2000), lifetimes });
