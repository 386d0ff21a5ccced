import { openDatabase } from '@gatehouse/prisma';
import { openEngine } from '@gatehouse/session';
import { hashSecret, newSecret } from '@gatehouse/session/engine';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/testing';
import { lifetimesOf, readSettings } from '@gatehouse/settings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, spawnCli } from '../../test-support/run-cli.ts';
import { runServer, type RunningServer } from '../../test-support/run-server.ts';
import { temporaryPlace } from '../../test-support/temporary-place.ts';

const PASSWORD = 'Zebra crossing 東京';

describe.skipIf(!REDIS_AVAILABLE)('the command line, where sessions are in Redis', () => {
  const place = temporaryPlace();
  let redis: RedisServer;
  let server: RunningServer | undefined;
  let env: Record<string, string>;
  const run = (args: string[], input = '') => runCli(args, { env: { ...env, GATEHOUSE_URL: server?.url ?? '' }, input });

  beforeAll(async () => {
    redis = await startRedis();
    env = { ...place.env, SESSION_ENGINE: 'redis', REDIS_URL: redis.url };
    server = await runServer(env);
    const made = await run(['createuser', 'ada', '--email', 'ada@example.org', '--password-stdin'], PASSWORD);
    if (made.code !== 0) throw new Error(made.stderr);
  });

  afterAll(async () => {
    await server?.stop();
    await redis.stop();
    place.remove();
  });

  test('lists, counts and revokes what the running server made; the person is signed out on their next request', async () => {
    expect((await run(['login', 'ada', '--password-stdin'], PASSWORD)).code).toBe(0);
    expect((await run(['whoami'])).code).toBe(0);
    const listed = await run(['sessions', 'list', '--json']);
    expect(listed.stdout).toMatch(/ses_/);
    const [handle = ''] = /ses_[\w-]+/.exec(listed.stdout) ?? [];
    expect((await spawnCli(['sessions', 'count', '--json'], { env })).json()).toMatchObject({ sessions: 1 });
    expect((await run(['sessions', 'revoke', handle])).code).toBe(0);
    expect((await run(['whoami'])).code).toBe(3);
    expect((await run(['sessions', 'count', '--json'])).json()).toMatchObject({ sessions: 0 });
  });

  test('clearsessions removes what is over and says how much', async () => {
    await storeExpired();
    expect((await run(['sessions', 'count', '--json'])).json()).toMatchObject({ sessions: 0 });
    expect((await run(['clearsessions', '--json'])).json()).toEqual({ removed: 1 });
    expect((await run(['clearsessions', '--json'])).json()).toEqual({ removed: 0 });
  });

  test('waits for Redis as long as SESSION_STORAGE_TIMEOUT says', async () => {
    redis.process.kill('SIGSTOP');
    // Longer than the default of two seconds, half as long again for the first connection.
    const goesOn = setTimeout(() => redis.process.kill('SIGCONT'), 3500);
    try {
      expect(await runCli(['sessions', 'count'], { env: { ...env, SESSION_STORAGE_TIMEOUT: '30' } })).toMatchObject({
        code: 0,
        stderr: '',
      });
    } finally {
      clearTimeout(goesOn);
      redis.process.kill('SIGCONT');
    }
  });

  /** As a server left it that ran a month ago. */
  async function storeExpired(): Promise<void> {
    const settings = readSettings(env, { projectRoot: place.folder });
    const lifetimes = lifetimesOf(settings.session);
    const then = Date.now() - 30 * 86_400_000;
    const database = await openDatabase(settings.database.url);
    const engine = await openEngine('redis', { database, lifetimes, redisUrl: redis.url, now: () => then });
    const made = await engine.create({
      handle: await engine.newHandle(null),
      secretHash: hashSecret(newSecret()),
      previousSecretHash: null,
      rotatedAtMs: then,
      presentedAtMs: null,
      userId: null,
      credentialEpoch: 0,
      data: { next: '/' },
      version: 1,
      ip: null,
      userAgent: null,
      createdAtMs: then,
      renewedAtMs: then,
      lastActivityAtMs: then,
      expiresAtMs: then + lifetimes.ageMs,
      customAgeSeconds: null,
      fixedExpiryMs: null,
    });
    expect(made).toBe(true);
    await engine.close();
    await database.close();
  }

  test('Redis that is not there: one line that says so, without the password, and the exit code of what cannot be reached', async () => {
    const gone = { ...env, REDIS_URL: 'redis://someone:s3cret@127.0.0.1:1', SESSION_STORAGE_TIMEOUT: '0.2' };
    const { code, stdout, stderr } = await spawnCli(['sessions', 'list'], { env: gone });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('nothing listens there');
    expect(stderr).not.toContain('s3cret');
  });
});
