import { stopwatch } from '@gatehouse/prisma/testing/stopwatch';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { afterEach, describe, expect, test } from 'vitest';
import { examine } from '../examine.ts';
import { findingsOf, readingOf, wrong } from '../test-support/facts-of.ts';

const running: RedisServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((redis) => redis.stop()));
});

async function redisWith(...settings: string[]): Promise<RedisServer> {
  const redis = await startRedis(settings);
  running.push(redis);
  return redis;
}

const look = (url: string, { engine = 'redis', now }: { engine?: string; now?: () => number } = {}) =>
  examine(readingOf({ SESSION_ENGINE: engine, REDIS_URL: url }), now ? { now } : {});

describe.skipIf(!REDIS_AVAILABLE)('Redis', () => {
  test('security 40: eviction is an error and missing persistence a warning', async () => {
    const { url } = await redisWith('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    const findings = await look(url);
    expect(wrong(findings)).toEqual(['error redis-eviction', 'warning redis-persistence']);
    expect(findingsOf(findings, 'redis-eviction')[0]?.found).toContain('allkeys-lru');
    expect(findingsOf(findings, 'redis-persistence')[0]?.found).toContain('everyone is signed out');
  });

  test('security 40: snapshots without an append-only file, and an eviction policy without maxmemory, are warnings', async () => {
    const { url } = await redisWith('--maxmemory-policy', 'volatile-ttl', '--save', '3600 1');
    const findings = await look(url);
    expect(wrong(findings)).toEqual(['warning redis-eviction', 'warning redis-persistence']);
    expect(findingsOf(findings, 'redis-persistence')[0]?.found).toContain('snapshots only (save 3600 1)');
  });

  test('a well-configured Redis has no findings', async () => {
    const { url } = await redisWith('--appendonly', 'yes', '--maxmemory', '50mb');
    expect(wrong(await look(url))).toEqual([]);
  });

  test('for cached_db, Redis needs no persistence and may evict', async () => {
    const evicting = await redisWith('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    expect(wrong(await look(evicting.url, { engine: 'cached_db' }))).toEqual([]);
    const plain = await redisWith();
    expect(wrong(await look(plain.url, { engine: 'cached_db' }))).toEqual([]);
  });

  test('checks are skipped if the account may not run their commands', async () => {
    const redis = await redisWith();
    await redis.command('ACL', 'SETUSER', 'app', 'on', '>r4nd0m', '~*', '+@all', '-info', '-config', '-time');
    const findings = await look(redis.url.replace('//', '//app:r4nd0m@'));
    expect(wrong(findings)).toEqual([]);
    for (const id of ['redis-clock', 'redis-eviction', 'redis-persistence', 'redis-replication'])
      expect(findingsOf(findings, id)).toMatchObject([{ severity: 'skipped', found: expect.stringMatching(/may not run/) }]);
  });

  test('without CONFIG, as on managed servers, INFO is enough to detect eviction and missing persistence', async () => {
    const redis = await redisWith('--maxmemory', '50mb', '--maxmemory-policy', 'volatile-lru');
    await redis.command('ACL', 'SETUSER', 'app', 'on', '>r4nd0m', '~*', '+@all', '-config');
    const findings = await look(redis.url.replace('//', '//app:r4nd0m@'));
    expect(wrong(findings)).toEqual(['error redis-eviction', 'warning redis-persistence']);
    expect(findingsOf(findings, 'redis-persistence')[0]?.found).toContain('if it makes any');
  });

  test('a replica is an error, and a master that does not wait for replicas is a warning', async () => {
    const master = await redisWith('--appendonly', 'yes', '--repl-diskless-sync-delay', '0');
    const replica = await redisWith('--appendonly', 'yes', '--replicaof', '127.0.0.1', String(master.port));
    await expect
      .poll(async () => String(await master.command('INFO', 'replication')), { timeout: 20_000 })
      .toMatch(/slave0:.*state=online/);
    expect(wrong(await look(master.url))).toEqual(['warning redis-replication']);
    await master.command('CONFIG', 'SET', 'min-replicas-to-write', '1');
    expect(wrong(await look(master.url))).toEqual([]);
    expect(wrong(await look(replica.url))).toContain('error redis');
  });

  test('a replica that is behind is a warning, unless Redis only has copies', async () => {
    const master = await redisWith('--appendonly', 'yes', '--repl-diskless-sync-delay', '0', '--min-replicas-to-write', '1');
    const replica = await redisWith('--appendonly', 'yes', '--replicaof', '127.0.0.1', String(master.port));
    await expect
      .poll(async () => String(await master.command('INFO', 'replication')), { timeout: 10_000 })
      .toMatch(/slave0:.*state=online/);
    expect(wrong(await look(master.url))).toEqual([]);
    expect(findingsOf(await look(master.url), 'redis-replica-lag')).toMatchObject([
      { severity: 'ok', found: 'The replica is up to date.' },
    ]);
    replica.process.kill('SIGSTOP');
    await master.command('SET', 'large', 'x'.repeat(3 * 1024 * 1024));
    await expect.poll(async () => wrong(await look(master.url)), { timeout: 20_000 }).toEqual(['warning redis-replica-lag']);
    const [finding] = findingsOf(await look(master.url), 'redis-replica-lag');
    expect(finding?.found).toMatch(/127\.0\.0\.1:\d+ is 3\d{3} KiB behind\. A failover would lose/);
    expect(wrong(await look(master.url, { engine: 'cached_db' }))).toEqual([]);
    replica.process.kill('SIGCONT');
    await expect.poll(async () => wrong(await look(master.url)), { timeout: 20_000 }).toEqual([]);
  });

  test('a near cache needs rights, and a Redis without replicas', async () => {
    const redis = await redisWith('--appendonly', 'yes', '--min-replicas-to-write', '0', '--repl-diskless-sync-delay', '0');
    const lookAt = (url: string) => examine(readingOf({ SESSION_ENGINE: 'redis', REDIS_URL: url, SESSION_NEAR_CACHE: '1000' }));
    expect(findingsOf(await lookAt(redis.url), 'near-cache')).toMatchObject([
      { severity: 'ok', found: expect.stringContaining('1000 sessions') },
    ]);
    await redis.command('ACL', 'SETUSER', 'app', 'on', '>r4nd0m', '~*', '&*', '+@all', '-client|tracking');
    const asApp = redis.url.replace('//', '//app:r4nd0m@');
    await expect.poll(async () => wrong(await lookAt(asApp)), { timeout: 20_000 }).toEqual(['error near-cache']);
    expect(wrong(await look(asApp))).toEqual([]);
    await redisWith('--replicaof', '127.0.0.1', String(redis.port));
    await expect.poll(async () => wrong(await lookAt(redis.url)), { timeout: 20_000 }).toContain('warning near-cache');
  });

  test('F-13: a clock difference is reported', async () => {
    const { url } = await redisWith('--appendonly', 'yes');
    expect(wrong(await look(url, { now: () => Date.now() + 5000 }))).toEqual(['warning redis-clock']);
    expect(wrong(await look(url, { now: () => Date.now() - 60_000 }))).toEqual(['error redis-clock']);
  });

  test('a hanging server is reported within 6 seconds', async () => {
    const redis = await redisWith();
    redis.process.kill('SIGSTOP');
    const tookMs = stopwatch();
    const findings = await look(redis.url);
    expect(tookMs()).toBeLessThan(6000);
    expect(wrong(findings)).toEqual(['error redis']);
    expect(findingsOf(findings, 'redis')).toMatchObject([
      { found: expect.stringContaining('Redis at redis://127.0.0.1'), fix: expect.stringContaining('Check') },
    ]);
  });
});
