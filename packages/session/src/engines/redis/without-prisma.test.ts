import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { REDIS_AVAILABLE, startRedis } from '../../test-support/redis-server.ts';

/** A process without the database package. */
const program = (redisUrl: string): string => `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.includes('@gatehouse/prisma') || specifier.includes('@prisma/')) throw new Error('not installed: ' + specifier);
      return next(specifier, context);
    },
  });
  const { openRedisEngine } = await import(${JSON.stringify(new URL('open-redis-engine.ts', import.meta.url).href)});
  const lifetimes = { ageMs: 60000, absoluteAgeMs: 60000, sliding: true, activityIntervalMs: 0, expireAtBrowserClose: false };
  const users = { find: async () => undefined };
  const open = (redisUrl) => openRedisEngine({ lifetimes, users, redisUrl });
  const engine = await open(${JSON.stringify(redisUrl)});
  console.log(JSON.stringify(await engine.count()));
  await engine.close();
  await open('redis://127.0.0.1:1').catch((error) => console.log(error.code));
`;

test.skipIf(!REDIS_AVAILABLE)(
  'an app with its own users needs no database package, not even for the error that Redis is missing',
  async () => {
    const server = await startRedis();
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program(server.url)]);
      expect(stdout.trim().split('\n')).toEqual(['{"sessions":0,"users":0}', 'REDIS_OPEN']);
    } finally {
      await server.stop();
    }
  },
);
