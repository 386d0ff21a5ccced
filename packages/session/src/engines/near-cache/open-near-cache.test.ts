import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import type { EngineOptions } from '../../engine-options.ts';
import { openEngine } from '../../registry.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';

const OPTIONS: EngineOptions = { lifetimes: LIFETIMES, users: { find: () => Promise.resolve(undefined) }, nearCacheSessions: 10 };

test.each([
  ['redis+sentinel://a,b/mymaster', 'needs a single server, not Sentinel. Set SESSION_NEAR_CACHE=0'],
  ['redis+cluster://a,b', 'needs a single server, not a cluster. Set SESSION_NEAR_CACHE=0'],
  ['redis://a?wait=1', 'cannot wait for replicas. Set SESSION_NEAR_CACHE=0. Or remove ?wait=1'],
])('a near cache is refused where it is not proven: %s', async (redisUrl, message) => {
  await expect(openEngine('redis', { ...OPTIONS, redisUrl })).rejects.toThrow(message);
});

test('a near cache is refused for another engine', async () => {
  await expect(openEngine('memory', OPTIONS)).rejects.toThrow('The engine memory has no near cache');
});

describe.skipIf(!REDIS_AVAILABLE)('the rights of the account', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  test.each([
    ['without any for clients', ['-client'], true],
    ['without CLIENT ID', ['-client', '+client|tracking'], true],
    ['without CLIENT TRACKING', ['-client', '+client|id'], true],
    ['with both and no other', ['-client', '+client|tracking', '+client|id'], false],
  ])('%s', async (_name, rights, isRefused) => {
    await server.command('ACL', 'SETUSER', 'app', 'reset', 'on', '>pass', '~*', '&*', '+@all', ...rights);
    const options = { ...OPTIONS, redisUrl: `redis://app:pass@127.0.0.1:${server.port}` };
    const opening = openEngine('redis', options);
    if (isRefused) await expect(opening).rejects.toThrow('Add +client|tracking +client|id to its rights, or set SESSION_NEAR_CACHE=0.');
    else await (await opening).close();
  });
});
