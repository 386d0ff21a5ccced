import {
  MARIADB,
  POSTGRESQL,
  tcpProxy,
  type EmptyDatabase,
  type ProxyMode,
  type TcpProxy,
  migratedDatabase,
} from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { faultFigures, REQUESTS } from '../test-support/fault-figures.ts';
import { DEFAULT_TIMEOUTS, runApp, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

const ALL = ['me', 'update', 'signOut', 'signIn', 'signInWrongly', 'download', 'page'] as const;

// semantics 41, security 39: F-02 and F-08 of a database server that holds accounts and sessions.
describe.each([MARIADB, POSTGRESQL])('$name', (on) => {
  describe.skipIf(!on.available)('faults between the real app and its database', { timeout: 60_000 }, () => {
    let database: EmptyDatabase;
    let proxy: TcpProxy;
    let app: RunningApp;
    let url: URL;
    beforeAll(async () => {
      database = await migratedDatabase(on);
      url = new URL(database.url);
      proxy = await tcpProxy({ host: '127.0.0.1', port: Number(url.port) });
      url.port = String(proxy.port);
      app = await runApp({ ...DEFAULT_TIMEOUTS, DATABASE_URL: url.href });
    });
    afterAll(async () => {
      await app.close();
      await proxy.close();
      await database.drop();
    });

    async function signedIn(): Promise<Visitor> {
      const browser = app.visitor();
      expect((await browser.signIn()).status).toBe(200);
      return browser;
    }

    const figuresOf = (fault: string) => faultFigures(app, `${on.name}, ${fault}`);

    test.each<ProxyMode>(['refuse', 'reset', 'hang', 'swallow', 'half'])('F-02, F-08: %s', async (mode) => {
      const browser = await signedIn();
      const { id } = (await browser.query('auth.me')).data.user;
      const figures = figuresOf(mode);
      await proxy.set(mode);
      // With the existing connections, and with new ones.
      for (let round = 0; round < 2; round += 1) await Promise.all([figures.expectAllUnavailable(browser, ALL), figures.expectHealth(503)]);
      await proxy.set('pass');
      figures.print(await figures.expectHealed(browser));
      // A password that could not be checked does not count as wrong.
      expect((await app.accounts.recentActivity(id, { limit: 100 })).map(({ kind }) => kind)).not.toContain('sign_in_failed');
      const { cookie } = browser;
      expect((await browser.mutate('auth.logout')).status).toBe(200);
      browser.cookie = cookie;
      expect((await browser.query('auth.me')).status).toBe(401);
    });

    test('F-05: waits for a slow database; one that is too slow is a 503 within the time limit', async () => {
      const browser = await signedIn();
      const figures = figuresOf('slow');
      proxy.delay(20);
      try {
        for (const request of [REQUESTS.me, REQUESTS.update, REQUESTS.signIn])
          expect(await figures.ask(request(browser))).toMatchObject({ status: 200 });
        proxy.delay(1500);
        await figures.expectAllUnavailable(browser, ALL);
      } finally {
        proxy.delay(0);
      }
      figures.print(await figures.expectHealed(browser));
    });

    // Long timeouts: the test shows that no sign-in holds one connection while it waits for another. It does not measure speed.
    test('twenty concurrent sign-ins of one account, without open connections and with a database latency of 40 ms', async () => {
      const patient = await runApp({ DATABASE_URL: url.href });
      onTestFinished(() => patient.close());
      proxy.cut();
      proxy.delay(20);
      onTestFinished(() => proxy.delay(0));
      const answers = await Promise.all(Array.from({ length: 20 }, () => patient.visitor().signIn()));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    });
  });
});
