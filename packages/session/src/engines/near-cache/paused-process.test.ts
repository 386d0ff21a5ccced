import { tcpProxy, type TcpProxy } from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser, type Browser } from '../../test-support/browser.ts';
import { nearCacheProcesses, type NearCacheProcesses } from '../../test-support/near-cache-processes.ts';
import { startRaceServer, type RaceServer } from '../../test-support/race-processes.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';

describe.skipIf(!REDIS_AVAILABLE)('a server process with a near cache that is stopped', () => {
  let processes: NearCacheProcesses;
  let proxy: TcpProxy;
  let server: RaceServer;
  beforeAll(async () => {
    processes = await nearCacheProcesses();
    proxy = await tcpProxy({ host: '127.0.0.1', port: processes.server.port });
    server = await startRaceServer({
      RACE_ENGINE: 'redis',
      DATABASE_URL: processes.databaseUrl,
      REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
      RACE_NEAR_CACHE: '100',
    });
  });
  afterAll(async () => {
    await server.stop();
    await proxy.close();
    await processes.dispose();
  });

  const hits = async (): Promise<number> => (await createBrowser(server.url).get('/hits')).json<{ hits: number }>().hits;

  /** A browser whose session is in the near cache of the server. */
  async function cached(): Promise<{ browser: Browser; userId: string }> {
    const { user, credentialEpoch } = await processes.accounts.create();
    const browser = createBrowser(server.url);
    expect(await browser.post(`/sign-in?user=${user.id}&epoch=${credentialEpoch}`)).toMatchObject({ status: 200 });
    const before = await hits();
    await expect
      .poll(async () => {
        expect((await browser.get('/me')).text).toContain('"signedIn":true');
        return hits();
      })
      .toBeGreaterThan(before);
    return { browser, userId: user.id };
  }

  test.each([
    ['a revocation', (userId: string) => processes.plain.destroyByUser(userId)],
    ['a suspension', (userId: string) => processes.accounts.suspend(userId)],
  ])('once %s is acknowledged, the first request after it continues is refused', async (_name, end) => {
    const { browser, userId } = await cached();
    // Longer than the acknowledgement takes, so that what Redis tells it arrives after the request.
    proxy.delay(3000);
    server.pause();
    try {
      await end(userId);
      const asked = browser.get('/me');
      server.continue();
      proxy.delay(0);
      expect((await asked).text).toContain('"signedIn":false');
    } finally {
      server.continue();
      proxy.delay(0);
    }
  });
});
