import { expect } from 'vitest';
import { BACKGROUND_HEADER } from '@gatehouse/contract';
import type { BrowserContext } from 'playwright-core';
import { eventually } from './support/eventually.ts';
import type { GatehouseServer } from './support/gatehouse-server.ts';
import { signIn, untilLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The pages' clocks go on, and what the server has stored grows older by as much. */
async function passTime(context: BrowserContext, server: GatehouseServer, ms: number): Promise<void> {
  const older = ['created_at', 'renewed_at', 'last_activity_at', 'expires_at'].map((column) => `${column} = ${column} - ${ms}`);
  server.sql(`UPDATE gatehouse_session SET ${older.join(', ')}`);
  await context.clock.fastForward(ms);
}

test('a computer whose clock is a day off shows the session’s clocks right', async ({ page, server }) => {
  await page.clock.install({ time: Date.now() + DAY_MS });
  await signIn(page, server.people.user);
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toMatch(/Expires in 14 days.*Signed injust now/);
});

test('a page that is left alone counts on by itself and asks nothing, so it keeps no session alive', async ({ page, server }) => {
  await page.clock.install();
  await signIn(page, server.people.user);
  await page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  const asked: string[] = [];
  // Code that is fetched ahead is nobody's activity.
  page.on('request', (request) => request.resourceType() === 'fetch' && asked.push(request.url()));
  await page.clock.fastForward('02:00:00');
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('Signed in2 hours ago');
  expect(asked).toEqual([]);
});

const notice = /Your session ends in \d minutes?\./;

test('before it ends the session is announced, and one click keeps it', async ({ page, server }) => {
  await page.clock.install();
  await signIn(page, server.people.user);
  await page.getByRole('region', { name: 'This session' }).getByText('Expires').waitFor();
  await page.clock.fastForward(14 * DAY_MS - 4 * 60_000);
  await page.getByText(notice).waitFor();
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await page.getByText(notice).waitFor({ state: 'detached' });
  await page.getByText('You stay signed in.').waitFor();
  // The button that had the focus is gone.
  await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
});

test('two tabs that nobody uses do not keep each other signed in', async ({ page, context, server, problems }) => {
  problems.expect(/^Failed to load resource: .*401/);
  await page.clock.install();
  // This one asks by itself: it hears nothing of the other.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'));
  await signIn(page, server.people.user);
  await page.getByRole('region', { name: 'This session' }).getByText('Expires').waitFor();

  await passTime(context, server, 10 * DAY_MS);
  const other = await context.newPage();
  await other.goto('/profile');
  await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();

  // The first tab's clock runs out on the 14th day. It learns that the session ends on the 24th, and that stays so.
  const question = page.waitForRequest('**/trpc/auth.me*');
  await passTime(context, server, 4 * DAY_MS + 60_000);
  expect(await (await question).headerValue(BACKGROUND_HEADER)).toBe('1');
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('Expires in 10 days');

  await passTime(context, server, 10 * DAY_MS);
  for (const tab of [page, other]) {
    // oxlint-disable-next-line no-await-in-loop -- one tab after the other
    const login = await untilLoginPage(tab);
    expect(login.searchParams.get('reason')).toBe('SESSION_EXPIRED');
  }
});

// A browser drops the cookie on the 14th day. Its own clock is not the page's, so that is done by hand.
test('a session whose cookie the browser dropped is told as expired, in the page that is open', async ({
  page,
  context,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*401/);
  await page.clock.install();
  await signIn(page, server.people.user, '/profile');
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await context.clearCookies();
  await page.clock.fastForward(14 * DAY_MS + 60_000);
  await untilLoginPage(page);
  await page.getByText('Your session has expired. Sign in again.').waitFor();
});

test('and when the browser is opened after it', async ({ page, context, server }) => {
  await page.clock.install();
  await signIn(page, server.people.user);
  await page.getByRole('region', { name: 'This session' }).getByText('Expires').waitFor();
  await page.close();
  await context.clearCookies();
  await context.clock.fastForward(20 * DAY_MS);
  const next = await context.newPage();
  await next.goto('/profile');
  await untilLoginPage(next);
  await next.getByText('Your session has expired. Sign in again.').waitFor();
});

test('what has happened is not told as something to come, though the clock of the page is behind', async ({ page, server }) => {
  await signIn(page, server.people.user);
  server.sql(`UPDATE gatehouse_activity SET happened_at = happened_at + ${DAY_MS}`);
  await page.reload();
  const activity = page.getByRole('region', { name: 'Recent activity' });
  await activity.getByRole('listitem').first().waitFor();
  expect(await activity.textContent()).toContain('just now');
  expect(await activity.textContent()).not.toMatch(/in \d+ (day|hour)/);
});

test('once it has ended, the page that was left open goes to the door by itself and keeps the way back', async ({
  page,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*401/);
  await page.clock.install();
  await signIn(page, server.people.user, '/profile');
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  // As the server will see it when the time has come.
  server.sql(`UPDATE gatehouse_session SET expires_at = '2020-01-01T00:00:00.000+00:00', renewed_at = '2020-01-01T00:00:00.000+00:00'`);
  await page.clock.fastForward(14 * DAY_MS + 60_000);
  const { search } = await untilLoginPage(page);
  expect(search).toContain('next=%2Fprofile');
  expect(search).toContain('reason=SESSION_EXPIRED');
});
