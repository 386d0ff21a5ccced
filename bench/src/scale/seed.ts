import { openDatabase } from '@gatehouse/prisma';
import { openEngine } from '@gatehouse/session';
import { hashSecret, newHandle, newSecret, type SessionRecord } from '@gatehouse/session/engine';
import { LIFETIMES } from './open-store.ts';
import { seedClassic, seedRedis } from './seed-redis.ts';
import { seedRows } from './seed-rows.ts';
import type { SeedCounts, StoreTarget } from './store.ts';

/** The session that is copied. The engine itself stores it, so that the copies have the engine's format. */
function template(): SessionRecord {
  const now = Date.now();
  return {
    handle: newHandle(),
    secretHash: hashSecret(newSecret()),
    previousSecretHash: null,
    rotatedAtMs: now,
    presentedAtMs: now,
    userId: null,
    credentialEpoch: 0,
    data: { loginTime: new Date(now).toISOString() },
    version: 1,
    createdAtMs: now,
    renewedAtMs: now,
    lastActivityAtMs: now,
    expiresAtMs: now + LIFETIMES.ageMs,
    customAgeSeconds: null,
    fixedExpiryMs: null,
    ip: '203.0.113.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
  };
}

/**
 * Fills an empty storage with copies of one session, made inside the storage. On redis, checks that the engine counts
 * all of them, which detects a change of the storage format.
 */
export async function seed(target: StoreTarget, counts: SeedCounts): Promise<void> {
  if (target.engine === 'classic') return seedClassic(target.redisUrl ?? '', counts);
  const database = await openDatabase(target.databaseUrl);
  const engine = await openEngine(target.engine, { database, lifetimes: LIFETIMES, redisUrl: target.redisUrl });
  const record = template();
  await engine.create(record);
  if (target.engine === 'redis') await seedRedis(target.redisUrl ?? '', engine, record, counts);
  else await seedRows(database, record, counts);
  await engine.destroy(record.handle);
  // Not checked in databases: counting a million rows can take longer than the time limit of a statement.
  const { sessions } = target.engine === 'redis' ? await engine.count() : { sessions: counts.live };
  await engine.close();
  await database.close();
  if (sessions !== counts.live) throw new Error(`${target.engine} sees ${sessions} of ${counts.live} seeded sessions.`);
}
