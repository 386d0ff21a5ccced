import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examine } from '@gatehouse/doctor';
import { inspectEnv } from '@gatehouse/settings';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { startRedisCluster } from '@gatehouse/session/test-support/redis-cluster';
import { startRedisBehindSentinel } from '@gatehouse/session/test-support/redis-sentinel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUser, PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';

const NEW_PASSWORD = 'eleven blue bicycles';

/** Every special character of a URL or a shell, and one that is not ASCII. */
const REDIS_PASSWORD = `p@ss/w:rd?#[]%&"' \\$ö`;

/** The ACL rule from docs/engines.md, so that the test covers the documented one. */
const RULE = /^ {4}(ACL SETUSER gatehouse .*(?:\n {8}.*)*)/m.exec(
  readFileSync(join(import.meta.dirname, '../../../docs/engines.md'), 'utf8'),
)?.[1];

const setAccount = (): string[] =>
  String(RULE)
    .split(/\s+/)
    .map((word) => (word === '>PASSWORD' ? `>${REDIS_PASSWORD}` : word));

interface Topology {
  readonly url: string;
  readonly servers: readonly RedisServer[];
  stop(): Promise<void>;
}

async function oneServer(): Promise<Topology> {
  const server = await startRedis();
  return { url: `${server.url}/3`, servers: [server], stop: () => server.stop() };
}

async function cluster(): Promise<Topology> {
  const { masters, ...others } = await startRedisCluster();
  return { ...others, servers: masters };
}

const QUICK = [
  { title: 'redis on one server', engine: 'redis', start: oneServer },
  { title: 'redis on a cluster', engine: 'redis', start: cluster },
  { title: 'cached_db on one server', engine: 'cached_db', start: oneServer },
];

const TOPOLOGIES = byTier(QUICK, [
  ...QUICK,
  { title: 'redis behind Sentinel', engine: 'redis', start: () => startRedisBehindSentinel({ replicas: 1 }) },
  { title: 'cached_db on a cluster', engine: 'cached_db', start: cluster },
]);

describe.skipIf(!REDIS_AVAILABLE).each(TOPOLOGIES)('an account of Redis with the least rights: $title', ({ engine, start }) => {
  let redis: Topology | undefined;
  let app: RunningApp;
  let env: Record<string, string>;
  beforeAll(async () => {
    redis = await start();
    await Promise.all(servers().map((server) => server.command(...setAccount())));
    const url = redis.url.replace('//', `//gatehouse:${encodeURIComponent(REDIS_PASSWORD)}@`);
    env = { NODE_ENV: 'test', SESSION_STORAGE_TIMEOUT: '20', SESSION_ENGINE: engine, REDIS_URL: url };
    app = await runApp(env);
  });
  afterAll(async () => {
    await app?.close();
    await redis?.stop();
  });

  const servers = (): readonly RedisServer[] => redis?.servers ?? [];
  const refusals = async (): Promise<unknown[]> =>
    (await Promise.all(servers().map((server) => server.command('ACL', 'LOG') as Promise<unknown[]>))).flat();

  test('every Redis command of Gatehouse is allowed', async () => {
    const [browser, other, admin] = [app.visitor(), app.visitor(), app.visitor()];
    const id = await addUser(app.accounts, { username: 'ann' });
    expect((await other.signIn('ann', 'not this one')).status).toBe(401);
    for (const visitor of [browser, other]) expect((await visitor.signIn('ann')).status).toBe(200);
    expect((await admin.signIn('root')).status).toBe(200);
    expect((await browser.signIn('ann')).status).toBe(200);
    expect((await browser.mutate('account.updateProfile', { name: 'Ann' })).status).toBe(200);
    expect((await browser.query('sessions.list')).data.sessions).toHaveLength(2);
    expect((await admin.query('admin.overview')).data).toMatchObject({ liveSessions: 3 });
    await app.accounts.setRole(id, 'admin');
    expect((await browser.query('auth.me')).data.user).toMatchObject({ name: 'Ann', role: 'admin' });
    const changed = await browser.mutate('account.changePassword', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });
    expect(changed.status).toBe(200);
    expect((await other.query('auth.me')).status).toBe(401);
    expect((await browser.mutate('auth.logout')).status).toBe(200);
    expect((await app.engine.list({ limit: 10 })).sessions).toHaveLength(1);
    expect(await app.engine.lease({ name: 'test', owner: 'me', forMs: 1000 })).toBe(true);
    expect(await app.engine.purgeExpired(10)).toBe(0);
    await app.limits.unlockAll();
    expect(await app.engine.destroyAll()).toBe(1);
    expect(await refusals()).toEqual([]);
  });

  test('nothing else is allowed: other keys, scripts that access them, CONFIG SET, FLUSHALL', async () => {
    const [server] = servers() as [RedisServer];
    const dryRun = (...words: string[]): Promise<unknown> => server.command('ACL', 'DRYRUN', 'gatehouse', ...words);
    expect(await dryRun('GET', 'gatehouse:key')).toBe('OK');
    for (const words of [
      ['GET', 'sess:key'],
      ['EVAL', 'return 1', '1', 'other'],
      ['CONFIG', 'SET', 'dir', '/'],
      ['FLUSHALL'],
      ['KEYS', '*'],
    ])
      expect(String(await dryRun(...words)), words.join(' ')).toMatch(/no permissions/);
  });

  test('gatehouse doctor can run all its checks', async () => {
    const { settings, problems } = inspectEnv(env, { projectRoot: '/project' });
    // The doctor has a timeout of five seconds, which a busy machine can exceed.
    await expect
      .poll(
        async () => {
          const findings = await examine({ settings, problems });
          const ofRedis = findings.filter(({ check }) => check.startsWith('redis'));
          return ofRedis.filter(({ severity, found }) => severity === 'error' || /may not run/.test(found));
        },
        { timeout: 60_000 },
      )
      .toEqual([]);
    expect(await refusals()).toEqual([]);
  });
});
