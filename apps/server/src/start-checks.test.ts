import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { expect, test, vi } from 'vitest';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';

// Each start is a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://app.test',
  TRUST_PROXY: '1',
  HOST: '127.0.0.1',
  SESSION_SECRET: 'kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g',
};

test.skipIf(!REDIS_AVAILABLE)('security 38, 40, ASVS 13.2.3: a production start reports all errors at once, each with a fix', async () => {
  const redis = await startRedis(['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru']);
  try {
    await using folder = await temporaryFolder();
    const server = startServer(folder.path, {
      ...PRODUCTION,
      SESSION_SECRET: 'keyboard cat',
      TRUST_PROXY: '',
      SESSION_COOKIE_PATH: '/app',
      SESSION_ENGINE: 'redis',
      REDIS_URL: redis.url,
      DATABASE_URL: 'mysql://root@127.0.0.1:1/gatehouse',
    });
    expect(await server.exited).toBe(1);
    const output = server.output();
    expect(output).toContain('5 problems keep the server from starting:');
    expect(output).toMatch(/SESSION_SECRET has 12 characters.*\n +Generate one with/);
    // security 38: a cookie that could not be set.
    expect(output).toMatch(/TRUST_PROXY must be set: .*no cookie could be set\.\n +Write 1 for one proxy/);
    expect(output).toMatch(/SESSION_COOKIE_PATH is \/app.*\n +Remove SESSION_COOKIE_PATH/);
    expect(output).toMatch(/The database mysql:.* cannot be opened.*\n +\S/);
    expect(output).toMatch(/Redis evicts sessions.*\n +Set maxmemory-policy noeviction/);
    expect(output).not.toMatch(/^\s+at |keyboard cat/m);
  } finally {
    await redis.stop();
  }
});

test.skipIf(!REDIS_AVAILABLE)('warnings do not prevent the start, and are logged', async () => {
  const redis = await startRedis();
  try {
    await using folder = await temporaryFolder();
    const server = startServer(folder.path, { ...PRODUCTION, SESSION_ENGINE: 'redis', REDIS_URL: redis.url });
    await server.ready;
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    const logged = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged.map(({ check }) => String(check)).toSorted()).toEqual(['database', 'redis-persistence', 'sqlite-processes']);
    for (const line of logged) expect(line).toMatchObject({ level: 40, msg: expect.any(String), fix: expect.any(String) });
  } finally {
    await redis.stop();
  }
});

test('a first start in development shows no notes', async () => {
  await using folder = await temporaryFolder();
  const server = startServer(folder.path);
  await server.ready;
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  const said = server.output().split('\n').filter(Boolean);
  expect(said).toEqual([
    expect.stringMatching(/^Database: \d+ migrations applied\.$/),
    expect.stringMatching(/^The database was empty/),
    expect.stringMatching(/^ {2}demo /),
    expect.stringMatching(/^ {2}admin /),
    expect.stringMatching(/^Gatehouse is ready: /),
  ]);
});

test.skipIf(!REDIS_AVAILABLE)('in development, errors of a production start are notes, and the server starts', async () => {
  const redis = await startRedis(['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru']);
  try {
    await using folder = await temporaryFolder();
    const server = startServer(folder.path, { SESSION_ENGINE: 'redis', REDIS_URL: redis.url });
    await server.ready;
    expect(server.output()).toMatch(/^Note: Redis evicts sessions .*gatehouse doctor/m);
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  } finally {
    await redis.stop();
  }
});
