import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { REDIS_AVAILABLE, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { startRedisCluster } from '@gatehouse/session/test-support/redis-cluster';
import { startRedisBehindSentinel } from '@gatehouse/session/test-support/redis-sentinel';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { expectUnavailable, timed } from '../test-support/expect-unavailable.ts';
import { addUser, DEFAULT_TIMEOUTS, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX, type Visitor } from '../test-support/visitor.ts';

// A failover starts only after the master has been unreachable for some time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Topology {
  readonly url: string;
  readonly master: RedisServer;
  /** Whether the new master has another replica. Otherwise the old master has to come back as its replica. */
  readonly hasSpare: boolean;
  readonly stop: () => Promise<void>;
}

const TOPOLOGIES: [string, () => Promise<Topology>][] = [
  [
    'Sentinel',
    async () => {
      const { servers, readyToFailOver, ...others } = await startRedisBehindSentinel({ replicas: 2, downAfterMs: 500 });
      await readyToFailOver();
      return { ...others, master: servers[0] as RedisServer, hasSpare: true };
    },
  ],
  [
    'a cluster',
    async () => {
      const { masters, ...others } = await startRedisCluster({ replicas: 1, nodeTimeoutMs: 1000 });
      return { ...others, master: masters[0] as RedisServer, hasSpare: false };
    },
  ],
];

describe.skipIf(!REDIS_AVAILABLE).each(TOPOLOGIES)('failover under load: %s', (name, start) => {
  let redis: Topology;
  let app: RunningApp;
  const users: { name: string; id: string }[] = [];
  beforeAll(async () => {
    redis = await start();
    app = await runApp({ ...DEFAULT_TIMEOUTS, SESSION_ENGINE: 'redis', REDIS_URL: redis.url });
    for (const user of ['una', 'ulf', 'uma', 'udo', 'uwe', 'ute'].slice(0, byTier(2, 6)))
      users.push({ name: user, id: await addUser(app.accounts, { username: user }) });
  });
  afterAll(async () => {
    await app.close();
    await redis.stop();
  });

  test('every request is answered in time, acknowledged ends are not lost, and it recovers without a restart', async () => {
    const answers = new Map<string, number>();
    const ended: string[] = [];
    let longestMs = 0;
    let sent = 0;
    let isOver = false;

    async function ask(browser: Visitor, path: string, body?: object | ''): Promise<number> {
      sent += 1;
      const post = { method: 'POST', headers: { ...AJAX, 'content-type': 'application/json' }, body: body && JSON.stringify(body) };
      const answer = await timed(browser.fetch(`/trpc/${path}`, body === undefined ? {} : (post as RequestInit)));
      if (answer.status !== 200 && answer.status !== 401) expectUnavailable(answer);
      longestMs = Math.max(longestMs, answer.tookMs);
      answers.set(`${path} ${answer.status}`, (answers.get(`${path} ${answer.status}`) ?? 0) + 1);
      return answer.status;
    }

    /** Signs in, makes requests and signs out; every third session is revoked instead. */
    async function visits({ name: identifier, id }: { name: string; id: string }): Promise<void> {
      for (let round = 0; !isOver; round += 1) {
        const browser = app.visitor();
        if ((await ask(browser, 'auth.login', { identifier, password: 'correct horse battery' })) !== 200) continue;
        const cookie = browser.cookie ?? '';
        for (let look = 0; look < 3; look += 1) await ask(browser, 'auth.me');
        if (round % 3 === 0) {
          const revoked = await app.engine.destroyByUser(id).then(
            () => true,
            () => false,
          );
          if (revoked) ended.push(cookie);
        } else if (round % 3 === 1) {
          if ((await ask(browser, 'auth.logout', '')) === 200) ended.push(cookie);
        }
      }
    }

    const load = users.map(visits);
    // If an assertion fails below, the visitors still have to stop before the server does.
    onTestFinished(async () => {
      isOver = true;
      await Promise.allSettled(load);
    });
    await expect.poll(() => ended.length, { timeout: 20_000 }).toBeGreaterThan(5);
    const acknowledgedBefore = ended.length;
    const killed = performance.now();
    await redis.master.kill();
    await healed(redis.hasSpare);
    const healedMs = performance.now() - killed;
    if (!redis.hasSpare) {
      await redis.master.start();
      await healed(true);
    }
    isOver = true;
    await Promise.all(load);

    const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
    expect(total).toBe(sent);
    const unavailable = [...answers].filter(([what]) => what.endsWith('503')).reduce((sum, [, count]) => sum + count, 0);
    const browser = app.visitor();
    for (const cookie of ended) {
      browser.cookie = cookie;
      let status = 503;
      // On a busy machine the Sentinels may fail over once more.
      while (status === 503) ({ status } = await browser.fetch('/trpc/auth.me'));
      expect(status).toBe(401);
    }
    console.log(
      `${name}: ${sent} sent, ${total} answered, ${unavailable} of them 503, longest wait ${longestMs.toFixed(0)} ms, ` +
        `healed after ${healedMs.toFixed(0)} ms, ${ended.length} ends acknowledged (${acknowledgedBefore} before), undone = 0`,
    );
  });

  /** Several visitors in sequence, because their sessions are on different nodes. */
  async function healed(alsoEnds: boolean): Promise<void> {
    for (let row = 0, attempts = 0; row < 8; attempts += 1) {
      expect(attempts).toBeLessThan(500);
      const browser = app.visitor();
      const works = (await browser.signIn()).status === 200 && (await browser.query('auth.me')).status === 200;
      const isHealed = works && (!alsoEnds || (await browser.mutate('auth.logout')).status === 200);
      row = isHealed ? row + 1 : 0;
      if (!isHealed) await sleep(50);
    }
  }
});
