import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { runServer, type RunningServer } from '../../../test-support/run-server.ts';
import { temporaryInstallation } from '../../../test-support/temporary-installation.ts';

const PASSWORD = 'four good long words';

describe.skipIf(!REDIS_AVAILABLE)('moving the sessions of a server to another engine', () => {
  const installation = temporaryInstallation();
  const cookies = join(installation.folder, 'config/gatehouse/cookies.json');
  let redis: RedisServer;
  let server: RunningServer | undefined;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await server?.stop();
    await redis.stop();
    installation.remove();
  });

  const env = (engine: string) => ({ ...installation.env, REDIS_URL: redis.url, SESSION_ENGINE: engine });
  const run = (args: string[], input = '') => runCli(args, { env: { ...env('db'), GATEHOUSE_URL: server?.url ?? '' }, input });
  const copy = (...args: string[]) => run(['sessions', 'copy', '--json', ...args]);

  /** Starts the server with this engine. It gets the cookies of the one before, as behind the same address. */
  async function restart(engine: string): Promise<void> {
    const before = server?.url;
    await server?.stop();
    server = await runServer(env(engine));
    if (before !== undefined) writeFileSync(cookies, readFileSync(cookies, 'utf8').replaceAll(before, server.url));
  }

  test('signs nobody out, in either direction, and brings no ended session back', { timeout: 180_000 }, async () => {
    await restart('db');
    await run(['createuser', 'ada', '--email', 'ada@example.org', '--role', 'admin', '--password-stdin'], PASSWORD);
    expect((await run(['login', 'ada', '--password-stdin'], PASSWORD)).code).toBe(0);
    expect((await copy('--from', 'db', '--to', 'redis')).json()).toMatchObject({ copied: 1, moved: false });

    // A copy that was killed, and a server of a newer version.
    await redis.command('SET', 'gatehouse:lease:copy', `${Date.now() + 60_000} another`);
    expect(await copy('--from', 'db', '--to', 'redis')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('COPY_RUNNING') as string,
    });
    await redis.command('DEL', 'gatehouse:lease:copy');
    const [record = ''] = (await redis.command('KEYS', 'gatehouse:*:s:*')) as string[];
    await redis.command('HSET', record, 'fv', '999');
    expect(await copy('--from', 'db', '--to', 'redis')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NEWER_FORMAT') as string,
    });
    await redis.command('HDEL', record, 'fv');

    const asked = await copy('--from', 'db', '--to', 'redis', '--move');
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
    await server?.stop();
    const moved = await copy('--from', 'db', '--to', 'redis', '--move', '--yes');
    expect(moved.json()).toMatchObject({ copied: 0, unchanged: 1, moved: true });
    await restart('redis');
    const me = await run(['whoami', '--json']);
    expect(me.json()).toMatchObject({ user: { username: 'ada' } });

    await server?.stop();
    expect((await copy('--from', 'redis', '--to', 'db', '--move', '--yes')).json()).toMatchObject({ copied: 1 });
    await restart('db');
    expect((await run(['whoami'])).code).toBe(0);
    expect((await run(['logout'])).code).toBe(0);
    expect((await copy('--from', 'redis', '--to', 'db')).json()).toMatchObject({ copied: 0, ended: 0 });
    expect((await run(['sessions', 'count', '--json'])).json()).toEqual({ sessions: 0, users: 0 });

    expect((await run(['login', 'ada', '--password-stdin'], PASSWORD)).code).toBe(0);
    expect((await copy('--from', 'db', '--to', 'redis')).json()).toMatchObject({ copied: 1 });
    await run(['sessions', 'revoke', '--all', '--yes']);
    for (const options of [[], ['--move', '--yes']])
      expect(await copy('--from', 'db', '--to', 'redis', ...options)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('--allow-empty') as string,
      });
    expect((await copy('--from', 'db', '--to', 'redis', '--allow-empty')).json()).toMatchObject({ removed: 1 });
  });

  test('says which engines need no copy, and which settings are missing', async () => {
    const same = await run(['sessions', 'copy', '--from', 'db', '--to', 'cached_db']);
    expect(same).toMatchObject({ code: 2, stderr: expect.stringContaining('only change SESSION_ENGINE') as string });
    expect((await run(['sessions', 'copy', '--from', 'db', '--to', 'db'])).code).toBe(2);
    expect((await run(['sessions', 'copy', '--from', 'memory', '--to', 'db'])).code).toBe(2);
    expect((await run(['sessions', 'copy', '--to', 'db'])).code).toBe(2);
    const { code, stderr } = await runCli(['sessions', 'copy', '--from', 'db', '--to', 'redis'], {
      env: { ...installation.env, REDIS_URL: 'redis://127.0.0.1:1', SESSION_STORAGE_TIMEOUT: '0.2' },
    });
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('no server listens there') as string });
  });
});
