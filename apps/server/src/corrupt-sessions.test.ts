import { DATABASES, type EmptyDatabase, migratedDatabase } from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

const shown = (value: string): [string, string] => [value.slice(0, 30), value];

// semantics 42, F-17: corrupt rows. Redis values are in redis-faults.test.ts, copies in cached-db-faults.test.ts.
describe.each(DATABASES)('$name', (on) => {
  describe.skipIf(!on.available)('corrupt rows under the real app', () => {
    let database: EmptyDatabase;
    let app: RunningApp;
    beforeAll(async () => {
      database = await migratedDatabase(on);
      app = await runApp({ DATABASE_URL: database.url });
    });
    afterAll(async () => {
      await app.close();
      await database.drop();
    });

    async function signedIn(): Promise<{ browser: Visitor; handle: string }> {
      const browser = app.visitor();
      expect((await browser.signIn()).status).toBe(200);
      return { browser, handle: (await browser.query('auth.me')).data.session.handle };
    }

    test('a row in a newer format: 503, until a server of that version or the format is back; nothing is lost', async () => {
      const { browser, handle } = await signedIn();
      const { cookie } = browser;
      const setFormat = (recordFormat: number) => app.database.prisma.session.update({ where: { handle }, data: { recordFormat } });
      const { recordFormat } = await app.database.prisma.session.findUniqueOrThrow({ where: { handle } });
      await setFormat(recordFormat + 1);
      app.corruptions.length = 0;
      for (let time = 0; time < 2; time += 1) {
        const { status, error } = await browser.query('auth.me');
        expect([status, error?.data.reason]).toEqual([503, 'STORAGE_UNAVAILABLE']);
      }
      expect([browser.cookie, app.corruptions]).toEqual([cookie, []]);
      await setFormat(recordFormat);
      expect((await browser.query('auth.me')).status).toBe(200);
    });

    async function expectSignedOutOnce(corrupt: (handle: string) => Promise<unknown>): Promise<void> {
      const [{ browser, handle }, other] = [await signedIn(), await signedIn()];
      await corrupt(handle);
      app.corruptions.length = 0;
      const { cookie } = browser;
      for (let time = 0; time < 3; time += 1) {
        browser.cookie = cookie;
        expect((await browser.query('auth.me')).status).toBe(401);
      }
      expect(app.corruptions).toEqual([handle]);
      expect((await other.browser.query('auth.me')).status).toBe(200);
      browser.cookie = cookie;
      expect((await browser.signIn()).status).toBe(200);
      expect((await browser.query('auth.me')).status).toBe(200);
    }

    test.each(['{', 'null', '[]', '7', '"text"', '', 'x'.repeat(1_000_000)].map(shown))(
      'data %s: only that session is signed out, and it is reported once',
      (_shown, data) => expectSignedOutOnce((handle) => app.database.prisma.session.update({ where: { handle }, data: { data } })),
    );

    test.skipIf(on.provider !== 'sqlite').each([
      ['created_at', 'yesterday'],
      ['version', 'first'],
      ['expires_at', 'never'],
      ['custom_age', 'long'],
    ])('%s = %s, which SQLite accepts: signed out', async (column, value) => {
      const { browser, handle } = await signedIn();
      const sql = `UPDATE gatehouse_session SET ${column} = '${value}' WHERE handle = '${handle}'`;
      await app.database.prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));
      expect((await browser.query('auth.me')).status).toBe(401);
      expect((await browser.signIn()).status).toBe(200);
    });

    test('data with prototype keys pollutes nothing, and is served as foreign data', async () => {
      const { browser, handle } = await signedIn();
      await app.database.prisma.session.update({
        where: { handle },
        data: { data: '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"user":{"role":"admin"},"cookie":7}' },
      });
      expect((await browser.query('auth.me')).data.user.role).toBe('user');
      expect(Reflect.get({}, 'admin')).toBeUndefined();
    });
  });
});
