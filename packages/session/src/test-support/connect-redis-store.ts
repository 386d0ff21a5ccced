import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';

/** The store of an express-session app, for tests that adopt its sessions. */
export async function connectRedisStore(redisUrl: string): Promise<{ store: RedisStore; close: () => Promise<void> }> {
  const client = await createClient({ url: redisUrl })
    // A test that fails stops Redis first.
    .on('error', () => undefined)
    .connect();
  return { store: new RedisStore({ client }), close: () => client.close() };
}
