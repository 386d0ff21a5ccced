import { randomBytes } from 'node:crypto';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { createClient } from 'redis';
import type { Candidate, Missing } from './candidate.ts';

const NAME = 'express-session + connect-redis';

/** Configured as in their READMEs: https://github.com/tj/connect-redis#api, https://github.com/expressjs/session#api */
export async function classicOnRedis(url: string): Promise<Candidate | Missing> {
  const client = createClient({ url, socket: { connectTimeout: 1000, reconnectStrategy: false } });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch {
    return { name: NAME, missing: `there is no Redis at ${url}` };
  }
  const prefix = `races-${randomBytes(6).toString('hex')}:`;
  return {
    name: NAME,
    sessions: session({
      store: new RedisStore({ client, prefix }),
      secret: randomBytes(32).toString('hex'),
      resave: false,
      saveUninitialized: false,
    }),
    signOut: (req) => new Promise((resolve, reject) => void req.session.destroy((error: unknown) => (error ? reject(error) : resolve()))),
    async increment(req) {
      req.session.count = (req.session.count ?? 0) + 1;
    },
    async close() {
      for await (const keys of client.scanIterator({ MATCH: `${prefix}*` })) if (keys.length > 0) await client.del(keys);
      await client.close();
    },
  };
}
