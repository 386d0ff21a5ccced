import { openDatabase } from '@gatehouse/prisma';
import { openEngine } from '@gatehouse/session';
import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';
import type { Store, StoreTarget } from './store.ts';

const DAY_MS = 86_400_000;

/** The defaults of the settings. */
export const LIFETIMES = {
  ageMs: 14 * DAY_MS,
  absoluteAgeMs: 90 * DAY_MS,
  sliding: true,
  activityIntervalMs: 60_000,
  expireAtBrowserClose: false,
};

/** The batch of the server's purge. */
const BATCH = 500;

export const openStore = (target: StoreTarget): Promise<Store> =>
  target.engine === 'classic' ? openClassic(target) : openGatehouse(target);

async function openGatehouse({ engine: name, databaseUrl, redisUrl }: StoreTarget): Promise<Store> {
  const database = await openDatabase(databaseUrl);
  const engine = await openEngine(name as 'db', { database, lifetimes: LIFETIMES, redisUrl });
  return {
    listDevices: async (userId) => (await engine.listByUser(userId)).sessions.length,
    count: async () => (await engine.count()).sessions,
    revokeAll: (userId) => engine.destroyByUser(userId),
    async purge() {
      let removed = 0;
      let batch: number;
      do {
        batch = await engine.purgeExpired(BATCH);
        removed += batch;
      } while (batch > 0);
      return removed;
    },
    async close() {
      await engine.close();
      await database.close();
    },
  };
}

/** connect-redis has no index of users, so finding the sessions of a user reads all sessions. */
async function openClassic({ redisUrl }: StoreTarget): Promise<Store> {
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
