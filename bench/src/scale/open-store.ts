import { openDatabase } from '@gatehouse/prisma';
import { openEngine } from '@gatehouse/session';
import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';
import type { Store, StorePlace } from './store.ts';

const DAY_MS = 86_400_000;

/** As the settings' defaults say. */
export const LIFETIMES = {
  ageMs: 14 * DAY_MS,
  absoluteAgeMs: 90 * DAY_MS,
  sliding: true,
  activityIntervalMs: 60_000,
  expireAtBrowserClose: false,
};

/** As the server's own purge. */
const BATCH = 500;

export const openStore = (place: StorePlace): Promise<Store> => (place.engine === 'classic' ? openClassic(place) : openOurs(place));

async function openOurs({ engine: name, databaseUrl, redisUrl }: StorePlace): Promise<Store> {
  const database = await openDatabase(databaseUrl);
  const engine = await openEngine(name as 'db', { database, lifetimes: LIFETIMES, redisUrl });
  return {
    listDevices: async (userId) => (await engine.listByUser(userId)).sessions.length,
    count: async () => (await engine.count()).sessions,
    revokeAll: (userId) => engine.destroyByUser(userId),
    async purge() {
      let removed = 0;
      for (let batch = -1; batch !== 0; removed += batch) batch = await engine.purgeExpired(BATCH);
      return removed;
    },
    async close() {
      await engine.close();
      await database.close();
    },
  };
}

/** connect-redis knows no user of a session: to find someone's, all are read. */
async function openClassic({ redisUrl }: StorePlace): Promise<Store> {
  const client = await createClient({ url: redisUrl ?? '' })
    .on('error', () => undefined)
    .connect();
  const store = new RedisStore({ client, prefix: 'classic:' });
  const sessionsOf = async (userId: string): Promise<{ id: string }[]> =>
    ((await store.all()) as { id: string; user?: { id: string } }[]).filter(({ user }) => user?.id === userId);
  return {
    listDevices: async (userId) => (await sessionsOf(userId)).length,
    count: () => store.length(),
    async revokeAll(userId) {
      const sessions = await sessionsOf(userId);
      await Promise.all(sessions.map(({ id }) => store.destroy(id)));
      return sessions.length;
    },
    purge: undefined,
    close: () => client.close(),
  };
}
