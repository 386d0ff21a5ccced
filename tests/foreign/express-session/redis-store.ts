import { RedisStore } from 'connect-redis';
import { createClient } from 'redis';

const client = await createClient({ url: process.env['REDIS_URL'] ?? 'redis://localhost:6379' }).connect();

export const store = new RedisStore({ client });
