import { MARIADB, POSTGRESQL, SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasHistory, previousVersion, type PreviousVersion } from '../test-support/previous-version.ts';
import { demoUsers, startServer, temporaryFolder, type ServerProcess } from '../test-support/server-process.ts';
import { visitor, type Visitor } from '../test-support/visitor.ts';

const STORAGES: { name: string; engine: string; on: TestDatabase; available: boolean }[] = [
  { name: 'db on SQLite', engine: 'db', on: SQLITE, available: true },
  { name: 'db on MariaDB', engine: 'db', on: MARIADB, available: MARIADB.available },
  { name: 'db on PostgreSQL', engine: 'db', on: POSTGRESQL, available: POSTGRESQL.available },
  { name: 'redis', engine: 'redis', on: SQLITE, available: REDIS_AVAILABLE },
  { name: 'cached_db', engine: 'cached_db', on: SQLITE, available: REDIS_AVAILABLE },
];

const status = async (browser: Visitor): Promise<number> => (await browser.query('auth.me')).status;

async function stop({ child, exited }: ServerProcess): Promise<void> {
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
}

describe.skipIf(!hasHistory())('the version before the newest migration and this one', () => {
  let previous: PreviousVersion;
  beforeAll(() => {
    previous = previousVersion();
  });
  afterAll(() => previous[Symbol.dispose]());

  describe.each(STORAGES)('share $name', ({ engine, on, available }) => {
    test.skipIf(!available)('while one is replaced by the other, forward and back: no session is lost, and an end is final', async () => {
      await using folder = await temporaryFolder();
      const database = await on.create();
      const redis = engine === 'db' ? undefined : await startRedis();
      const env = {
        DATABASE_URL: database.url,
        SESSION_ENGINE: engine,
        // A busy machine is late with queries.
        SESSION_STORAGE_TIMEOUT: '30',
        ...(redis && { REDIS_URL: redis.url }),
      };
      const running = new Set<ServerProcess>();
      async function start(command?: readonly string[]) {
        const server = startServer(folder.path, env, command);
        running.add(server);
        const url = await server.ready;
        return { server, at: (cookie?: string) => Object.assign(visitor(url), { cookie }) };
      }
      /** A browser that signed in here, and reads of its session on both servers. */
      async function signIn({ at }: Awaited<ReturnType<typeof start>>): Promise<Visitor> {
        const browser = at();
        expect((await browser.signIn('demo', password)).status).toBe(200);
        return browser;
      }

      let password: string | undefined;
      try {
        const old = await start(previous.command);
        password = demoUsers(old.server.output()).get('demo');
        const before = await signIn(old);

        // Migrates the database while the old one runs.
        const current = await start();
        expect(current.server.output()).toMatch(/Database: .* applied/);
        const after = await signIn(current);
        const beside = await signIn(old);
        expect(await Promise.all([before, beside].map(({ cookie }) => status(current.at(cookie))))).toEqual([200, 200]);
        expect(await status(old.at(after.cookie))).toBe(200);

        // Each changes and ends sessions of the other.
        const rename = { name: 'Renamed', email: 'demo@example.org', currentPassword: password };
        expect((await old.at(after.cookie).mutate('auth.logout')).status).toBe(200);
        expect(await status(after)).toBe(401);
        const changed = current.at(before.cookie);
        expect((await changed.mutate('auth.reauthenticate', { password })).status).toBe(200);
        expect((await changed.mutate('account.updateProfile', rename)).status).toBe(200);
        expect((await old.at(changed.cookie).query('auth.me')).data.user.name).toBe('Renamed');
        const ended = current.at(beside.cookie);
        expect((await ended.mutate('auth.logout')).status).toBe(200);
        expect(await status(beside)).toBe(401);

        // Forward: only this version.
        await stop(old.server);
        const forward = await signIn(current);
        expect(await status(changed)).toBe(200);

        // Back: the old version starts on tables that are newer than it.
        const back = await start(previous.command);
        expect(await status(back.at(forward.cookie))).toBe(200);
        await stop(current.server);
        const last = await signIn(back);
        for (const { cookie } of [changed, forward, last]) expect(await status(back.at(cookie))).toBe(200);
        for (const { cookie } of [after, beside]) expect(await status(back.at(cookie))).toBe(401);

        const again = await start();
        for (const { cookie } of [changed, forward, last]) expect(await status(again.at(cookie))).toBe(200);
      } finally {
        for (const { child } of running) child.kill('SIGTERM');
        await Promise.all([...running].map(({ exited }) => exited));
        await redis?.stop();
        await database.drop();
      }
    });
  });
});
