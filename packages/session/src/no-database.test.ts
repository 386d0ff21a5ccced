import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { REDIS_AVAILABLE, startRedis } from './test-support/redis-server.ts';

/** Signs in with the app's own users, and prints every loaded module. */
const PROGRAM = `
import { registerHooks } from 'node:module';
import { storedAttributes } from '@gatehouse/contract';
const loaded = new Set();
registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
const { openEngine } = await import('@gatehouse/session');
const { isStorageUnavailable } = await import('@gatehouse/session/engine');
await Promise.all([import('@gatehouse/session/request'), import('@gatehouse/session/adoption')]);
const user = { id: 'u1', username: 'ann', email: '', name: 'Ann', role: 'user', status: 'active', attributes: storedAttributes({}) };
const users = { find: async (id) => (id === 'u1' ? { user, credentialEpoch: 0 } : undefined) };
const lifetimes = { ageMs: 1e6, absoluteAgeMs: 1e6, sliding: true, activityIntervalMs: 0, expireAtBrowserClose: false };
const engine = await openEngine(process.env.ENGINE, { lifetimes, users, redisUrl: process.env.URL });
const nowMs = Date.now();
const created = await engine.create({
  handle: await engine.newHandle('u1'), userId: 'u1', credentialEpoch: 0, data: {}, version: 1, ip: null, userAgent: null,
  createdAtMs: nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, expiresAtMs: nowMs + 1e6, customAgeSeconds: null, fixedExpiryMs: null,
  secretHash: 'x'.repeat(43), previousSecretHash: null, rotatedAtMs: nowMs, presentedAtMs: null,
});
const { sessions } = await engine.listByUser('u1');
isStorageUnavailable(new Error());
await engine.close();
console.log(JSON.stringify({ created, name: sessions[0].user.name, loaded: [...loaded] }));
`;

async function run(engine: string, url = ''): Promise<{ created: boolean; name: string; loaded: string[] }> {
  const env = { PATH: process.env['PATH'], ENGINE: engine, URL: url };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    env,
    cwd: import.meta.dirname,
  });
  return JSON.parse(stdout) as { created: boolean; name: string; loaded: string[] };
}

const ofPrisma = (loaded: readonly string[]): string[] => loaded.filter((url) => /prisma|better-sqlite3|mariadb|\/pg\//.test(url));

describe('an app with its own users never loads a database driver', () => {
  test('on memory', async () => {
    const { created, name, loaded } = await run('memory');
    expect({ created, name }).toEqual({ created: true, name: 'Ann' });
    expect(loaded.filter((url) => url.includes('/engines/memory/'))).not.toEqual([]);
    expect(ofPrisma(loaded)).toEqual([]);
  });

  test.skipIf(!REDIS_AVAILABLE)('on redis', async () => {
    const redis = await startRedis();
    try {
      const { created, name, loaded } = await run('redis', redis.url);
      expect({ created, name }).toEqual({ created: true, name: 'Ann' });
      expect(ofPrisma(loaded)).toEqual([]);
    } finally {
      await redis.stop();
    }
  });
});
