import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestUser } from './conformance/engine-fixture.ts';
import { createBrowser, type Browser } from './test-support/browser.ts';
import { openRaceFixture, RACE_STORAGES, times, type RaceFixture } from './test-support/race-fixture.ts';
import { sameBrowserAt } from './test-support/race-processes.ts';

// Each test waits for two processes and a storage server.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.each(RACE_STORAGES)('two processes, $name', (storage) => {
  let fixture: RaceFixture;

  beforeAll(async () => {
    fixture = await openRaceFixture(storage);
  });
  afterAll(() => fixture.close());

  beforeEach(() => void Object.assign(fixture.figures, { sent: 0, answered: 0, longestMs: 0 }));
  afterEach(({ task }) => {
    const { sent, answered, longestMs } = fixture.figures;
    console.log(
      `${storage.name}: ${task.name}: ${sent} requests sent, ${answered} answered, lost = ${sent - answered}, longest wait ${longestMs.toFixed(0)} ms`,
    );
    expect(answered).toBe(sent);
  });

  const at = (index: number): string => fixture.servers[index % 2 === 0 ? 0 : 1].url;
  const count: RaceFixture['count'] = (request) => fixture.count(request);
  const signIn: RaceFixture['signIn'] = (browser, user) => fixture.signIn(browser, user);
  const me: RaceFixture['me'] = (browser) => fixture.me(browser);

  /** One browser, connected to each of the two processes. */
  async function signedIn(account: TestUser): Promise<[Browser, Browser]> {
    const browser = await fixture.signedIn(account);
    return [browser, sameBrowserAt(at(1), browser)];
  }

  test('a slow write in one process does not revive a session signed out in the other', async () => {
    const account = await fixture.accounts.create();
    const revived = await times(byTier(5, 20), async (index) => {
      const [here, there] = await signedIn(account);
      const again = sameBrowserAt(at(0), here);
      const writing = count(here.post(`/slow-write?ms=${index * 10}`));
      expect((await count(there.post('/sign-out'))).status).toBe(200);
      await writing;
      return (await me(again)).signedIn;
    });
    expect(revived.filter(Boolean)).toHaveLength(0);
    expect((await fixture.engine.listByUser(account.user.id)).sessions).toEqual([]);
  });

  test('revoke-all and concurrent sign-ins: all earlier sessions end, and the list shows exactly the working ones', async () => {
    const account = await fixture.accounts.create();
    for (let round = 0; round < byTier(2, 5); round += 1) {
      const before = await signedIn(account);
      const later = Array.from({ length: 6 }, (_, index) => createBrowser(at(index)));
      const signingIn = later.map((browser) => signIn(browser, account));
      await fixture.engine.destroyByUser(account.user.id);
      for (const browser of before) expect((await me(browser)).signedIn).toBe(false);
      await Promise.all(signingIn);
      const live = (await Promise.all(later.map(me))).filter((state) => state.signedIn);
      expect((await fixture.engine.listByUser(account.user.id)).sessions).toHaveLength(live.length);
      await fixture.engine.destroyByUser(account.user.id);
      for (const browser of later) expect((await me(browser)).signedIn).toBe(false);
    }
  });

  test('password change and concurrent requests and sign-ins: once it is acknowledged no old session works', async () => {
    const account = await fixture.accounts.create();
    const browsers = await times(byTier(4, 10), () => signedIn(account));
    const running = browsers.flatMap(([here, there]) => [count(here.get('/me')), count(there.post('/slow-write?ms=50'))]);
    const late = Array.from({ length: 4 }, (_, index) => createBrowser(at(index)));
    const signingIn = late.map((browser) => signIn(browser, account));
    await fixture.accounts.raiseEpoch(account.user.id);
    const after = await Promise.all(browsers.flat().map((browser) => me(sameBrowserAt(at(0), browser))));
    expect(after.filter((state) => state.signedIn)).toEqual([]);
    await Promise.all([...running, ...signingIn]);
    for (const browser of [...browsers.flat(), ...late]) expect((await me(browser)).signedIn).toBe(false);
  });

  test('two tabs sign in at once with one cookie: the first wins, the other gets 409 and no cookie, and one session is live', async () => {
    for (let round = 0; round < byTier(3, 10); round += 1) {
      const [before, account] = [await fixture.accounts.create(), await fixture.accounts.create()];
      const [here, there] = await signedIn(before);
      const old = sameBrowserAt(at(0), here);
      const answers = await Promise.all([signIn(here, account), signIn(there, account)]);
      expect(answers.map(({ status }) => `${status}`).sort()).toEqual(['200', '409']);
      expect(answers.find(({ status }) => status === 409)?.setCookies).toEqual([]);
      expect((await me(old)).signedIn).toBe(false);
      expect((await fixture.engine.listByUser(account.user.id)).sessions).toHaveLength(1);
      expect((await fixture.engine.listByUser(before.user.id)).sessions).toEqual([]);
      expect((await Promise.all([me(here), me(there)])).filter((state) => state.signedIn)).toHaveLength(1);
    }
  });

  test('two tabs sign the same user in again at once: the old secret is refused, and the session answered with 200 is live', async () => {
    for (let round = 0; round < byTier(3, 10); round += 1) {
      const account = await fixture.accounts.create();
      const [here, there] = await signedIn(account);
      const old = sameBrowserAt(at(0), here);
      const answers = await Promise.all([signIn(here, account), signIn(there, account)]);
      const done = answers.filter(({ status }) => status === 200);
      expect(done.length).toBeGreaterThanOrEqual(1);
      expect((await me(old)).signedIn).toBe(false);
      expect((await fixture.engine.listByUser(account.user.id)).sessions).toHaveLength(done.length);
      expect((await Promise.all([me(here), me(there)])).filter((state) => state.signedIn)).toHaveLength(done.length);
    }
  });

  test('increments in both processes add up', async () => {
    const many = byTier(30, 100);
    const [here, there] = await signedIn(await fixture.accounts.create());
    const answers = await times(many, (index) => count((index % 2 === 0 ? here : there).post('/increment')));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await count(here.get('/count'))).json()).toEqual({ count: many });
  });

  test('purges remove no session in use', async () => {
    const browsers = await signedIn(await fixture.accounts.create());
    const purges = times(byTier(6, 20), () => fixture.engine.purgeExpired(50));
    const states = await times(byTier(30, 100), (index) => me(browsers[(index % 2) as 0 | 1]));
    await purges;
    expect(states.filter((state) => !state.signedIn)).toEqual([]);
  });

  test('role change and concurrent requests: each sees one role or the other, and all later ones the new one', async () => {
    const { user, ...rest } = await fixture.accounts.create();
    const browsers = await signedIn({ user, ...rest });
    const running = times(byTier(20, 50), (index) => me(browsers[(index % 2) as 0 | 1]));
    await fixture.accounts.setRole(user.id, 'admin');
    const after = await times(10, (index) => me(browsers[(index % 2) as 0 | 1]));
    expect(after.map(({ role }) => role)).toEqual(after.map(() => 'admin'));
    for (const { role } of await running) expect(['user', 'admin']).toContain(role);
  });
});
