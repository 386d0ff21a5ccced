import { openDatabase } from '@gatehouse/prisma';
import { openEngine } from '@gatehouse/session';
import { hashSecret, newHandle, newSecret, type SessionRecord } from '@gatehouse/session/engine';
import { LIFETIMES } from './open-store.ts';
import { seedClassic, seedRedis } from './seed-redis.ts';
import { seedRows } from './seed-rows.ts';
import type { Filling, StorePlace } from './store.ts';

/** The session that all others are copies of. It is stored by the engine itself, so that they look as its own do. */
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
 * Fills an empty storage with copies of one session, made inside the storage. On redis it checks with the
 * engine's own count that it sees them, so that a change of how sessions are stored is noticed here.
 */
export async function seed(place: StorePlace, filling: Filling): Promise<void> {
  if (place.engine === 'classic') return seedClassic(place.redisUrl ?? '', filling);
  const database = await openDatabase(place.databaseUrl);
  const engine = await openEngine(place.engine, { database, lifetimes: LIFETIMES, redisUrl: place.redisUrl });
  const record = template();
  await engine.create(record);
  if (place.engine === 'redis') await seedRedis(place.redisUrl ?? '', engine, record, filling);
  else await seedRows(database, record, filling);
  await engine.destroy(record.handle);
  // Rows are counted one by one: of a million it can take longer than a statement may.
  const { sessions } = place.engine === 'redis' ? await engine.count() : { sessions: filling.live };
  await engine.close();
  await database.close();
  if (sessions !== filling.live) throw new Error(`${place.engine} sees ${sessions} of ${filling.live} seeded sessions.`);
}
