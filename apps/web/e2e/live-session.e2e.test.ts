import { POSTGRESQL } from '@gatehouse/prisma/testing';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { startGatehouse, type GatehouseServer } from './support/gatehouse-server.ts';
import { otherSession, sessionRows, waitForRows } from './support/own-sessions.ts';
import { signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

type OnCleanup = (clean: () => Promise<void>) => void;

const STORAGES: Record<string, { isAvailable: boolean; start: (onCleanup: OnCleanup) => Promise<GatehouseServer> }> = {
  SQLite: { isAvailable: true, start: (onCleanup) => startGatehouse(onCleanup) },
  'Redis and PostgreSQL': {
    isAvailable: REDIS_AVAILABLE && POSTGRESQL.available,
    async start(onCleanup) {
      const [redis, database] = await Promise.all([startRedis(), POSTGRESQL.create()]);
      const stops: Array<() => Promise<void>> = [];
      onCleanup(async () => {
        for (const stop of stops) {
          // oxlint-disable-next-line no-await-in-loop -- the server first
          await stop();
        }
        await Promise.all([redis.stop(), database.drop()]);
      });
      return startGatehouse((stop) => stops.push(stop), { SESSION_ENGINE: 'redis', REDIS_URL: redis.url, DATABASE_URL: database.url });
    },
  },
};

for (const [name, { isAvailable, start }] of Object.entries(STORAGES)) {
  describe.skipIf(!isAvailable)(name, () => {
    test('an idle page shows what happens on another process', async ({ browser, onTestFinished }) => {
      const stops: Array<() => Promise<void>> = [];
      onTestFinished(async () => {
        await Promise.all(stops.map((stop) => stop()));
      });
      const server = await start((stop) => stops.push(stop));
      const elsewhere = { ...server, address: await server.startAnother() };
      const idleBrowser = await browser.newContext({ baseURL: server.address });
      const idle = await idleBrowser.newPage();
      await signIn(idle, server.users.user, '/sessions?sort=lastActivity');
      await waitForRows(idle, 1);

      // The list.
      const other = await otherSession(browser, elsewhere, '/profile');
      await waitForRows(idle, 2);

      // The user.
      await other.getByLabel('Name', { exact: true }).fill('Changed Elsewhere');
      await other.getByRole('button', { name: 'Save', exact: true }).click();
      await idle.getByRole('banner').getByText('Changed Elsewhere').waitFor();

      // The session. The page says why, and returns to where it was.
      await other.getByRole('link', { name: 'Sessions' }).click();
      await waitForRows(other, 2);
      await other.getByRole('button', { name: 'End all other sessions' }).click();
      await other.getByRole('button', { name: 'End 1 session' }).click();
      const { searchParams } = await waitForLoginPage(idle);
      expect(searchParams.get('reason')).toBe('SESSION_ENDED');
      expect(searchParams.get('next')).toBe('/sessions?sort=lastActivity');
      await idle.getByText('Your session has ended. Sign in again.').waitFor();
      await waitForRows(other, 1);
      await Promise.all([idleBrowser.close(), other.context().close()]);
    });
  });
}

test('all tabs of a browser are told, and the tab that signs out says nothing of an ended session', async ({ page, context, server }) => {
  await signIn(page, server.users.user, '/profile');
  const second = await context.newPage();
  await second.goto('/sessions');
  await waitForRows(second, 1);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  expect((await waitForLoginPage(page)).search).toBe('');
  expect((await waitForLoginPage(second)).searchParams.get('reason')).toBe('SESSION_ENDED');
});

test('signing in again in another tab does not sign out the open page', async ({ page, context, server }) => {
  await signIn(page, server.users.user, '/sessions');
  await waitForRows(page, 1);
  const before = await sessionRows(page).first().textContent();
  const another = await context.newPage();
  await signIn(another, server.users.user, '/profile');
  await eventually(() => sessionRows(page).count()).toBe(1);
  expect(before).toContain('This session');
  await page.getByRole('link', { name: 'Profile' }).click();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
});
