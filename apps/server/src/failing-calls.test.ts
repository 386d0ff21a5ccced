import { MARIADB, POSTGRESQL, tcpProxy, type TestDatabase, migratedDatabase } from '@gatehouse/prisma/testing';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

/** Makes the k-th storage call from now on fail, counted from 1. The returned function stops that and says whether there was one. */
type FailAt = (k: number) => () => boolean;

interface Storage {
  readonly app: RunningApp;
  readonly ways: Readonly<Record<string, FailAt>>;
  readonly close: () => Promise<void>;
}

/** The call fails before it reaches the real file. */
async function onSqlite(): Promise<Storage> {
  const app = await runApp();
  const fails: FailAt = (k) => {
    let left = k;
    app.statements.before = () => {
      if ((left -= 1) === 0) throw Object.assign(new Error('disk I/O error'), { code: 'P1017' });
    };
    return () => {
      app.statements.before = () => undefined;
      return left <= 0;
    };
  };
  return { app, ways: { fails }, close: app.close };
}

const onServer = (on: TestDatabase) => async (): Promise<Storage> => {
  const database = await migratedDatabase(on);
  const url = new URL(database.url);
  const proxy = await tcpProxy({ host: '127.0.0.1', port: Number(url.port) });
  url.port = String(proxy.port);
  const app = await runApp({ DATABASE_URL: url.href });
  return {
    app,
    ways: { lost: (k) => proxy.cutAt(k, 'lost'), 'done, and its reply lost': (k) => proxy.cutAt(k, 'arrives') },
    async close() {
      await app.close();
      await proxy.close();
      await database.drop();
    },
  };
};

const onRedis = (engine: string) => async (): Promise<Storage> => {
  const redis = await startRedis();
  const proxy = await tcpProxy({ host: '127.0.0.1', port: redis.port });
  const app = await runApp({ SESSION_ENGINE: engine, REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
  return {
    app,
    ways: { lost: (k) => proxy.cutAt(k, 'lost'), 'done, and its reply lost': (k) => proxy.cutAt(k, 'arrives') },
    async close() {
      await app.close();
      await proxy.close();
      await redis.stop();
    },
  };
};

/** `unsafe`: the session should have ended but is still live, and a retry cannot end it. */
type State = 'before' | 'after' | 'between' | 'unsafe';

/** An action in one of two browsers of a user, and its outcome. */
interface Work {
  readonly title: string;
  /** Whether the response reports success. */
  run(scene: Scene): Promise<boolean>;
  state(scene: Scene): Promise<State>;
  /** Done, but with a lost response: a 409 for some seconds, because the browser may be about to get the cookie. */
  readonly mayHaveToWait?: boolean;
}

interface Scene {
  readonly app: RunningApp;
  readonly userId: string;
  readonly one: Visitor;
  readonly other: Visitor;
  /** Of `one`, before anything is done. */
  readonly cookie: string;
  readonly exceptHandle: string;
  readonly newPassword: string;
}

const works = async (app: RunningApp, cookie: string | undefined): Promise<boolean> => {
  const browser = app.visitor();
  browser.cookie = cookie;
  return (await browser.query('auth.me')).status === 200;
};

const pick = (before: boolean, after: boolean): State => (before ? 'before' : after ? 'after' : 'between');

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

const handleOf = async (browser: Visitor): Promise<string> => (await browser.query('auth.me')).data.session.handle;

const WORK: Work[] = [
  {
    title: 'a sign-in in the place of a session',
    mayHaveToWait: true,
    run: async ({ one }) => (await one.signIn()).status === 200,
    async state({ app, userId, one, cookie }) {
      const sessions = (await app.engine.listByUser(userId)).sessions.length;
      const old = await works(app, cookie);
      return pick(old && sessions === 2, !old && sessions === 2 && (one.cookie === cookie || (await works(app, one.cookie))));
    },
  },
  {
    title: 'a sign-out',
    run: async ({ one }) => (await one.mutate('auth.logout')).status === 200,
    async state({ app, userId, cookie }) {
      const sessions = (await app.engine.listByUser(userId)).sessions.length;
      const old = await works(app, cookie);
      return pick(old && sessions === 2, !old && sessions === 1);
    },
  },
  {
    title: 'ending the other sessions',
    run: ({ app, userId, exceptHandle }) => succeeds(app.engine.destroyByUser(userId, { exceptHandle })),
    async state({ app, one, other }) {
      const [mine, others] = [await works(app, one.cookie), await works(app, other.cookie)];
      return pick(mine && others, mine && !others);
    },
  },
  {
    title: 'a change of the password',
    run: ({ app, userId, newPassword, exceptHandle }) => succeeds(app.accounts.changePassword(userId, newPassword, { exceptHandle })),
    async state({ app, one, other, newPassword }) {
      const isNew = (await app.accounts.authenticate({ identifier: 'ada', password: newPassword })).ok;
      const [mine, others] = [await works(app, one.cookie), await works(app, other.cookie)];
      // The password of the retry is wrong by now.
      if (isNew && others) return 'unsafe';
      return pick(!isNew && mine && others, isNew && mine && !others);
    },
  },
];

/** Over a network only the shortest actions run here; all of them run in the long tier. */
const OVER_NETWORK = byTier(WORK.slice(1, 2), WORK);

// F-11. On the database each of these is one transaction. Redis and the cache are reached before and after it, so that an error there
// means: partly done, try again. The end of a session is never acknowledged before it has happened.
describe.each([
  { title: 'db on SQLite', available: true, open: onSqlite, work: WORK, inParts: false },
  { title: 'db on MariaDB', available: MARIADB.available, open: onServer(MARIADB), work: OVER_NETWORK, inParts: false },
  { title: 'db on PostgreSQL', available: POSTGRESQL.available, open: onServer(POSTGRESQL), work: OVER_NETWORK, inParts: false },
  { title: 'redis', available: REDIS_AVAILABLE, open: onRedis('redis'), work: OVER_NETWORK, inParts: true },
  { title: 'cached_db', available: REDIS_AVAILABLE, open: onRedis('cached_db'), work: OVER_NETWORK, inParts: true },
])('F-11: every call to storage fails once: $title', ({ title, available, open, work: all, inParts }) => {
  describe.skipIf(!available)('the real app', { timeout: 120_000 }, () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    test.each(all)('$title: done or not done, the response says which, and a retry completes it', async (work) => {
      const { app, ways } = storage;
      let [calls, password] = [0, PASSWORD];

      async function setScene(newPassword: string): Promise<Scene> {
        await app.engine.destroyAll();
        const [one, other] = [app.visitor(), app.visitor()];
        for (const browser of [one, other]) expect((await browser.signIn('ada', password)).status).toBe(200);
        const userId: string = (await one.query('auth.me')).data.user.id;
        return { app, userId, one, other, cookie: one.cookie ?? '', exceptHandle: await handleOf(one), newPassword };
      }

      for (const [way, failAt] of Object.entries(ways)) {
        for (let k = 1, reached = true; reached; k += 1) {
          const scene = await setScene(`a horse battery, ${way} ${k}`);
          const endPlan = failAt(k);
          const isDone = await work.run(scene);
          reached = endPlan();
          calls += 1;
          const what = `${way}, call ${k}: ${isDone ? 'done' : 'an error'}`;
          // Connections are reopened automatically.
          await vi.waitFor(() => Promise.all([app.engine.userChanged('nobody'), app.engine.count()]), { timeout: 20_000, interval: 10 });
          const state = await work.state(scene);
          if (isDone) expect([what, state]).toEqual([what, 'after']);
          else expect([what, state]).not.toEqual([what, 'unsafe']);
          if (!isDone && !inParts) expect([what, state]).not.toEqual([what, 'between']);
          const again = async (): Promise<void> => expect([what, await work.run(scene)]).toEqual([what, true]);
          if (!isDone) await (work.mayHaveToWait ? vi.waitFor(again, { timeout: 20_000, interval: 250 }) : again());
          if (await passwordIs(scene.newPassword)) password = scene.newPassword;
        }
      }
      if (password !== PASSWORD) await app.accounts.changePassword((await app.accounts.findUser('ada'))?.id ?? '', PASSWORD);
      console.log(`${title}, ${work.title}: ${calls} tries, each with another call failing`);
      expect(calls).toBeGreaterThan(2);

      async function passwordIs(text: string): Promise<boolean> {
        return (await app.accounts.authenticate({ identifier: 'ada', password: text })).ok;
      }
    });
  });
});
