import { openDatabase } from '@gatehouse/prisma';
import { openEngine } from '@gatehouse/session';
import { hashSecret, newSecret } from '@gatehouse/session/engine';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { lifetimesOf, readSettings } from '@gatehouse/settings';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, spawnCli } from '../../test-support/run-cli.ts';
import { runServer, type RunningServer } from '../../test-support/run-server.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const PASSWORD = 'Zebra crossing 東京';

describe.skipIf(!REDIS_AVAILABLE)('the command line with sessions in Redis', () => {
  const installation = temporaryInstallation();
  let redis: RedisServer;
  let server: RunningServer | undefined;
  let env: Record<string, string>;
  const run = (args: string[], input = '') => runCli(args, { env: { ...env, GATEHOUSE_URL: server?.url ?? '' }, input });

  beforeAll(async () => {
    redis = await startRedis();
    env = { ...installation.env, SESSION_ENGINE: 'redis', REDIS_URL: redis.url };
    server = await runServer(env);
    const created = await run(['createuser', 'ada', '--email', 'ada@example.org', '--password-stdin'], PASSWORD);
    if (created.code !== 0) throw new Error(created.stderr);
  });

  afterAll(async () => {
    await server?.stop();
    await redis.stop();
    installation.remove();
  });

  test('lists, counts and revokes sessions of a running server; a revoked session is signed out on its next request', async () => {
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

  test('clearsessions removes expired sessions and says how many', async () => {
    await storeExpired();
    expect((await run(['sessions', 'count', '--json'])).json()).toMatchObject({ sessions: 0 });
    expect((await run(['clearsessions', '--json'])).json()).toEqual({ removed: 1 });
    expect((await run(['clearsessions', '--json'])).json()).toEqual({ removed: 0 });
  });

  test('waits for Redis as long as SESSION_STORAGE_TIMEOUT says', async () => {
    redis.process.kill('SIGSTOP');
    // Longer than the default of two seconds and the longer limit of the first connection, three seconds.
    const resume = setTimeout(() => redis.process.kill('SIGCONT'), 3500);
    try {
      expect(await runCli(['sessions', 'count'], { env: { ...env, SESSION_STORAGE_TIMEOUT: '30' } })).toMatchObject({
        code: 0,
        stderr: '',
      });
    } finally {
      clearTimeout(resume);
      redis.process.kill('SIGCONT');
    }
  });

  /** Stores a session that expired two weeks ago. */
  async function storeExpired(): Promise<void> {
    const settings = readSettings(env, { projectRoot: installation.folder });
    const lifetimes = lifetimesOf(settings.session);
    const then = Date.now() - 30 * 86_400_000;
    const database = await openDatabase(settings.database.url);
    const engine = await openEngine('redis', { database, lifetimes, redisUrl: redis.url, now: () => then });
    const created = await engine.create({
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
    expect(created).toBe(true);
    await engine.close();
    await database.close();
  }

  test('an unreachable Redis gives one line without the password, and exit code 4', async () => {
    const unreachable = { ...env, REDIS_URL: 'redis://someone:s3cret@127.0.0.1:1', SESSION_STORAGE_TIMEOUT: '0.2' };
    const { code, stdout, stderr } = await spawnCli(['sessions', 'list'], { env: unreachable });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('no server listens there');
    expect(stderr).not.toContain('s3cret');
  });
});
