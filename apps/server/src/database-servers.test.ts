import { openDatabase } from '@gatehouse/prisma';
import { DATABASES } from '@gatehouse/prisma/testing';
import { describe, expect, test } from 'vitest';
import { runApp } from '../test-support/running-app.ts';
import { startServer, temporaryFolder } from '../test-support/server-process.ts';
import { visitor } from '../test-support/visitor.ts';

// Only DATABASE_URL changes to move from a file to a database server.
describe.each(DATABASES.filter(({ provider }) => provider !== 'sqlite'))('$name', (on) => {
  describe.skipIf(!on.available)('the real server', () => {
    test('signs in, keeps the session over a restart, and signs out', { timeout: 60_000 }, async () => {
      await using folder = await temporaryFolder();
      const database = await on.create();
      try {
        const env = { DATABASE_URL: database.url };
        const first = startServer(folder.path, env);
        const browser = visitor(await first.ready);
        expect(first.output()).toContain('migrations applied');
        const password = /^ {2}demo +(\S+)/m.exec(first.output())?.[1];
        expect((await browser.signIn('demo', 'wrong')).error?.data.code).toBe('UNAUTHORIZED');
        expect((await browser.signIn('demo', password)).status).toBe(200);
        expect((await browser.query('auth.me')).data.user.username).toBe('demo');
        first.child.kill('SIGKILL');
        await first.exited;

        const second = startServer(folder.path, env);
        const again = visitor(await second.ready);
        expect(second.output()).not.toContain('applied');
        again.cookie = browser.cookie;
        expect((await again.query('auth.me')).data.user.username).toBe('demo');
        const { cookie } = again;
        expect((await again.mutate('auth.logout')).status).toBe(200);
        again.cookie = cookie;
        expect((await again.query('auth.me')).error?.data.code).toBe('UNAUTHORIZED');
        second.child.kill('SIGTERM');
        expect(await second.exited).toBe(0);
      } finally {
        await database.drop();
      }
    });

    test('a start without a free database connection fails with a one-line message', { timeout: 60_000 }, async () => {
      await using folder = await temporaryFolder();
      const database = await on.create();
      const user = `few_${new URL(database.url).pathname.slice(-16)}`;
      const name = new URL(database.url).pathname.slice(1);
      const root = await openDatabase(database.url);
      const connection = await root.adapter.connect();
      const run = async (statements: readonly string[]): Promise<void> => {
        for (const sql of statements) await connection.executeRaw({ sql, args: [], argTypes: [] });
      };
      const [make, remove]: [string[], string[]] =
        on.provider === 'mysql'
          ? [
              [`CREATE USER ${user} IDENTIFIED BY 's3cret' WITH MAX_USER_CONNECTIONS 1`, `GRANT ALL ON ${name}.* TO ${user}`],
              [`DROP USER ${user}`],
            ]
          : [
              [`CREATE ROLE ${user} LOGIN PASSWORD 's3cret' CONNECTION LIMIT 1`, `GRANT ALL ON SCHEMA public TO ${user}`],
              [`DROP OWNED BY ${user}`, `DROP ROLE ${user}`],
            ];
      try {
        await run(make);
        const url = new URL(database.url);
        Object.assign(url, { username: user, password: 's3cret' });
        const server = startServer(folder.path, { DATABASE_URL: url.href });
        expect(await server.exited).toBe(1);
        expect(server.output()).toMatch(/\nThe database stopped answering while the server started: .*connections.*\n$/);
        expect(server.output()).not.toContain('s3cret');
      } finally {
        await run(remove);
        await connection.dispose();
        await root.close();
        await database.drop();
      }
    });

    test('an id with a trailing character that the database ignores in comparisons is refused', async () => {
      const database = await on.create();
      const app = await runApp({ DATABASE_URL: database.url });
      try {
        const admin = app.visitor();
        const { userId, handle } = await admin.signIn('root').then(({ data }) => ({ userId: data.user.id, handle: data.session.handle }));
        for (const behind of [' ', '\u0000']) {
          for (const [path, input] of [
            ['admin.users.setRole', { userId: userId + behind, role: 'user' }],
            ['admin.users.setStatus', { userId: userId + behind, status: 'suspended' }],
            ['admin.users.delete', { userId: userId + behind }],
            ['sessions.revoke', { handle: handle + behind }],
          ] as const)
            expect((await admin.mutate(path, input)).error?.data.reason).toBe('INVALID_INPUT');
        }
        expect((await admin.query('auth.me')).data.user.role).toBe('admin');
      } finally {
        await app.close();
        await database.drop();
      }
    });

    test(
      'without the database it does not start, and one message says what is missing and how to fix it',
      { timeout: 30_000 },
      async () => {
        await using folder = await temporaryFolder();
        const url = new URL((await on.create().then(async (database) => (await database.drop(), database))).url);
        url.password = 's3cret';
        const server = startServer(folder.path, { DATABASE_URL: url.href });
        expect(await server.exited).toBe(1);
        expect(server.output()).not.toMatch(/^\s+at |s3cret/m);
        expect(server.output().trim().split('\n')).toHaveLength(1);
        expect(server.output()).toContain('cannot be opened');
      },
    );
  });
});
