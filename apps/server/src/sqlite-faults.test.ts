import { openDatabase } from '@gatehouse/prisma';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultFigures, REQUESTS } from '../test-support/fault-figures.ts';
import { DEFAULT_TIMEOUTS, runApp, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

// semantics 41, security 39: F-07 and F-14 of a SQLite file under the real app.
describe('SQLite', { timeout: 60_000 }, () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp(DEFAULT_TIMEOUTS);
  });
  afterAll(() => app.close());

  async function signedIn(): Promise<Visitor> {
    const browser = app.visitor();
    expect((await browser.signIn()).status).toBe(200);
    return browser;
  }

  /** A transaction of another program, such as the CLI. */
  async function locked(work: (end: () => Promise<unknown>) => Promise<void>): Promise<void> {
    const database = await openDatabase(app.databaseUrl);
    const connection = await database.adapter.connect();
    let isOpen = true;
    const end = async (): Promise<void> => {
      if (isOpen) await connection.executeScript('ROLLBACK');
      isOpen = false;
    };
    await connection.executeScript('BEGIN IMMEDIATE');
    try {
      await work(end);
    } finally {
      await end();
      await connection.dispose();
      await database.close();
    }
  }

  /** Makes the session so old that the next request writes its activity. */
  const makeDue = (): Promise<number> =>
    app.database.prisma.$executeRaw`UPDATE gatehouse_session SET last_activity_at = last_activity_at - 120000`;

  test('F-07: locked by another writer: reads work, writes wait and succeed', async () => {
    const browser = await signedIn();
    const figures = faultFigures(app, 'SQLite, locked for 600 ms');
    await locked(async (end) => {
      const writes = [REQUESTS.signIn(app.visitor()), REQUESTS.update(browser), REQUESTS.signIn(app.visitor())].map(figures.ask);
      const reads = await Promise.all([
        figures.ask(REQUESTS.me(browser)),
        figures.ask(REQUESTS.download(browser)),
        figures.expectHealth(200),
      ]);
      for (const answer of reads) expect(answer ?? { status: 200, tookMs: 0 }).toMatchObject({ status: 200 });
      await sleep(600);
      await end();
      for (const write of writes) expect((await write).status).toBe(200);
    });
    figures.print();
  });

  test('F-07: locked for too long: writes are 503 within the time limit, a read whose slide is due is answered, and it recovers', async () => {
    const [browser, leaving] = [await signedIn(), await signedIn()];
    const { id } = (await browser.query('auth.me')).data.user;
    const before = (await app.engine.listByUser(id)).sessions.length;
    const figures = faultFigures(app, 'SQLite, locked');
    await makeDue();
    await locked(async () => {
      const read = figures.ask(REQUESTS.me(browser));
      await Promise.all([
        figures.expectAllUnavailable(app.visitor(), ['signIn']),
        figures.expectAllUnavailable(leaving, ['signOut']),
        figures.expectAllUnavailable(browser, ['update']),
        figures.expectHealth(200),
      ]);
      expect((await read).status).toBe(200);
    });
    figures.print(await figures.expectHealed(browser));
    // The failed writes were not executed later.
    expect((await app.engine.listByUser(id)).sessions).toHaveLength(before);
    expect((await leaving.mutate('auth.logout')).status).toBe(200);
  });

  test('F-14: full: stored sessions are served, with or without a slide; writes are 503; with free space it recovers', async () => {
    const browser = await signedIn();
    const figures = faultFigures(app, 'SQLite, full');
    await limitPages(1);
    try {
      let full = 0;
      for (let attempt = 0; attempt < 400 && full < 3; attempt += 1) {
        const answer = await figures.ask(REQUESTS.signIn(app.visitor()));
        if (answer.status === 503) full += 1;
        else expect(answer.status).toBe(200);
      }
      expect(full).toBe(3);
      await makeDue();
      for (const request of [REQUESTS.me, REQUESTS.download]) expect((await figures.ask(request(browser))).status).toBe(200);
      await figures.expectHealth(200);
      await figures.expectAllUnavailable(app.visitor(), ['signIn']);
    } finally {
      await limitPages(1_000_000);
    }
    figures.print(await figures.expectHealed(browser));
    const { cookie } = browser;
    expect((await browser.mutate('auth.logout')).status).toBe(200);
    browser.cookie = cookie;
    expect([(await browser.query('auth.me')).status, (await browser.signIn()).status]).toEqual([401, 200]);
    expect(await app.database.prisma.$queryRaw`PRAGMA integrity_check`).toEqual([{ integrity_check: 'ok' }]);
  });

  /** For each of the app's two connections. A limit below the current size means that the file cannot grow. */
  async function limitPages(pages: number): Promise<void> {
    const sql = Object.assign([`PRAGMA max_page_count = ${pages}`], { raw: [`PRAGMA max_page_count = ${pages}`] });
    await app.database.prisma.$queryRaw(sql);
    await app.database.prisma.$transaction((tx) => tx.$queryRaw(sql));
  }
});
