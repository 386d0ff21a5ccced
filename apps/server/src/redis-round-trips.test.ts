import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';

/** Commands of the connections and of this test. */
const UPKEEP = new Set(['ping', 'info', 'config|resetstat', 'hello', 'client|setinfo', 'client|id', 'auth', 'select', 'script|load']);
/** Commands that scan all keys. */
const SCANS = ['keys', 'scan', 'hscan', 'sscan', 'zscan', 'sort', 'flushdb', 'dbsize'];

describe.skipIf(!REDIS_AVAILABLE).each(['redis', 'cached_db'])('%s: the commands of a request, as counted by Redis', (engine) => {
  let redis: RedisServer;
  let app: RunningApp;
  beforeAll(async () => {
    redis = await startRedis();
    // After a slow step, a request would read the session once more before it sends a cookie.
    const nowMs = Date.now();
    app = await runApp({ SESSION_ENGINE: engine, REDIS_URL: redis.url }, { now: () => nowMs });
    // Scripts are only sent in full the first time.
    const browser = await signedIn();
    await browser.query('auth.me');
    await browser.query('sessions.list');
    await browser.mutate('auth.logout');
  });
  afterAll(async () => {
    await app.close();
    await redis.stop();
  });

  async function signedIn() {
    const browser = app.visitor();
    expect((await browser.signIn()).status).toBe(200);
    return browser;
  }

  /** `calls` counts commands, including those that scripts call. `reads` is how often Redis read from a socket. */
  async function asked(work: () => Promise<{ status: number }>) {
    await redis.command('CONFIG', 'RESETSTAT');
    expect((await work()).status).toBe(200);
    const [stats, general] = [String(await redis.command('INFO', 'commandstats')), String(await redis.command('INFO', 'stats'))];
    const calls = new Map(
      [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)]
        .map(([, name = '', count]) => [name, Number(count)] as const)
        .filter(([name]) => !UPKEEP.has(name)),
    );
    for (const name of SCANS) expect(calls.has(name)).toBe(false);
    return {
      scripts: (calls.get('evalsha') ?? 0) + (calls.get('eval') ?? 0),
      mget: calls.get('mget') ?? 0,
      reads: Number(/total_reads_processed:(\d+)/.exec(general)?.[1]),
      calls,
    };
  }

  test('a read is one command, including its slide', async () => {
    const browser = await signedIn();
    await browser.query('auth.me');
    const { scripts, mget } = await asked(() => browser.query('auth.me'));
    expect({ scripts, mget }).toEqual({ scripts: 1, mget: 0 });
    if (engine !== 'redis') return;
    const { handle } = (await browser.query('auth.me')).data.session as { handle: string };
    const [key = ''] = (await redis.command('KEYS', `*${handle}`)) as string[];
    await redis.command('HSET', key, 'a', '1');
    const slide = await asked(() => browser.query('auth.me'));
    expect(slide.scripts).toBe(1);
    expect(slide.calls.get('hset')).toBe(1);
  });

  test('a sign-in and a sign-out need a fixed number, independent of what is stored', async () => {
    const ask = async () => {
      const browser = app.visitor();
      const [signIn, signOut] = [await asked(() => browser.signIn()), await asked(() => browser.mutate('auth.logout'))];
      return [signIn, signOut].map(({ scripts, mget }) => scripts + mget);
    };
    const alone = await ask();
    for (let count = 0; count < 20; count += 1) await signedIn();
    expect(await ask()).toEqual(alone);
    // Sign-in: two for the session, one of which checks its user. Before that, the attempt is counted for the address and the account, and
    // afterwards refunded. Sign-out of cached_db: reads the copy, checks it, marks it, checks it again and marks it as ended.
    expect(alone).toEqual(engine === 'redis' ? [6, 2] : [0, 5]);
  });

  test('a list of devices needs as many round trips for thirty as for two', async () => {
    await app.engine.destroyAll();
    const browser = await signedIn();
    await signedIn();
    const few = await asked(() => browser.query('sessions.list'));
    for (let count = 0; count < 28; count += 1) await signedIn();
    const many = await asked(() => browser.query('sessions.list'));
    console.log(`${engine}: reads for a list of 2: ${few.reads}, of 30: ${many.reads}`);
    // A ping may happen in between.
    expect(many.reads).toBeLessThanOrEqual(few.reads + 2);
  });
});
