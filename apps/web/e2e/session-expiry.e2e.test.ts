import { expect } from 'vitest';
import { BACKGROUND_HEADER } from '@gatehouse/contract';
import type { BrowserContext, Page } from 'playwright-core';
import { expectAccessible } from './support/axe-problems.ts';
import { eventually } from './support/eventually.ts';
import type { GatehouseServer } from './support/gatehouse-server.ts';
import { signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';
import { withoutStream } from './support/without-stream.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

// Without streams, because a page that reconnects its stream gets the server's time, and only the clocks of the pages are moved.
test.beforeEach(({ context, problems }) => withoutStream(context, problems));

/** Waits until the pages have loaded their data, because the first requests of a page are activity. */
const settled = (context: BrowserContext): Promise<unknown> =>
  Promise.all(context.pages().map((page) => page.waitForLoadState('networkidle')));

/** Moves the clocks of the pages forward, and the stored times of the sessions back. */
async function advanceTime(context: BrowserContext, server: GatehouseServer, ms: number): Promise<void> {
  await settled(context);
  const older = ['created_at', 'renewed_at', 'last_activity_at', 'expires_at'].map((column) => `${column} = ${column} - ${ms}`);
  server.sql(`UPDATE gatehouse_session SET ${older.join(', ')}`);
  await context.clock.fastForward(ms);
}

test('a client clock that is a day off does not affect the displayed times', async ({ page, server }) => {
  await page.clock.install({ time: Date.now() + DAY_MS });
  await signIn(page, server.users.user);
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toMatch(/Expires in 14 days.*Signed injust now/);
});

test('an idle page updates its times without requests, so it does not extend the session', async ({ page, server }) => {
  await page.clock.install();
  await signIn(page, server.users.user);
  await page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  const requests: string[] = [];
  // Preloading code is not activity.
  page.on('request', (request) => {
    // Attempts to open the stream, which never counts as activity.
    const isStream = request.url().includes('/trpc/auth.changes');
    if (request.resourceType() === 'fetch' && !isStream) requests.push(request.url());
  });
  await page.clock.fastForward('02:00:00');
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('Signed in2 hours ago');
  expect(requests).toEqual([]);
});

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Are you still there?' });
const MINUTE_MS = 60_000;

/** Opens a page in which only what the test does is input. */
async function openIdle(page: Page, server: GatehouseServer): Promise<void> {
  await page.clock.install();
  await signIn(page, server.users.user, '/profile');
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
}

test('before the session expires, a dialog counts down in every tab; staying in one closes it in all', async ({
  page,
  context,
  server,
}) => {
  await openIdle(page, server);
  const other = await context.newPage();
  await other.clock.install();
  await other.goto('/');
  await other.getByRole('region', { name: 'This session' }).getByText('Expires').waitFor();
  await advanceTime(context, server, 14 * DAY_MS - 4 * MINUTE_MS);
  await dialogOf(other).waitFor();
  await dialogOf(page)
    .getByText(/^3:\d\d$/)
    .waitFor();
  // Announced once, in words. The seconds are not announced.
  await dialogOf(page)
    .getByRole('status')
    .getByText(/^Your session ends in 3 minutes\.$/)
    .waitFor();
  const before = await dialogOf(page)
    .getByText(/^3:\d\d$/)
    .textContent();
  await page.clock.runFor(2_000);
  await eventually(() =>
    dialogOf(page)
      .getByText(/^3:\d\d$/)
      .textContent(),
  ).not.toBe(before);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Stay signed in');
  await dialogOf(page).getByRole('button', { name: 'Stay signed in' }).click();
  await page.getByText('You’re still signed in.').waitFor();
  for (const tab of [page, other]) await dialogOf(tab).waitFor({ state: 'detached' });
  await eventually(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
});

test('the countdown has no axe violations in light, dark or on a phone', async ({ page, context, server }) => {
  await openIdle(page, server);
  await advanceTime(context, server, 14 * DAY_MS - 4 * MINUTE_MS);
  await dialogOf(page).waitFor();
  await expectAccessible(page);
  await dialogOf(page).waitFor();
});

test('the dialog can sign out, and nobody answering leads to the sign-in page with the reason', async ({
  page,
  context,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*401/);
  await openIdle(page, server);
  await advanceTime(context, server, 14 * DAY_MS - 4 * MINUTE_MS);
  await dialogOf(page).waitFor();
  await advanceTime(context, server, 5 * MINUTE_MS);
  expect((await waitForLoginPage(page)).searchParams.get('reason')).toBe('SESSION_EXPIRED');
  await signIn(page, server.users.user, '/profile');
  await advanceTime(context, server, 14 * DAY_MS - 4 * MINUTE_MS);
  await dialogOf(page).getByRole('button', { name: 'Sign out' }).click();
  await waitForLoginPage(page);
  await page.getByText('Your session has expired').waitFor({ state: 'detached' });
});

test('an end that cannot be moved is said so, and the user can work until then', async ({ page, server }) => {
  await openIdle(page, server);
  // The longest age of a session is 90 days; this one ends in an hour.
  const ended = `created_at = created_at - ${90 * DAY_MS - 60 * MINUTE_MS}, expires_at = expires_at - ${14 * DAY_MS - 60 * MINUTE_MS}`;
  server.sql(`UPDATE gatehouse_session SET ${ended}`);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await page.waitForLoadState('networkidle');
  // The server's clock has not moved: its response to the check would say that an hour is left.
  await page.route('**/trpc/auth.me*', (route) => route.abort());
  await page.clock.fastForward(56 * MINUTE_MS);
  const dialog = page.getByRole('dialog', { name: 'Your session is about to end' });
  await dialog.getByText('It cannot be extended.').waitFor();
  expect(await dialog.getByRole('button').allTextContents()).toEqual(['Sign out', 'Continue until then']);
  await dialog.getByRole('button', { name: 'Continue until then' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(/^Your session ends in/).waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill('Still writing');
});

test('typing counts as activity, although the page sends nothing; the page’s own requests do not', async ({ page, context, server }) => {
  await openIdle(page, server);
  await advanceTime(context, server, 13 * DAY_MS);
  const extended = page.waitForResponse('**/trpc/auth.me*');
  await page.getByRole('textbox', { name: 'Name' }).pressSequentially('a');
  expect(await (await extended).request().headerValue(BACKGROUND_HEADER)).toBe(null);
  await advanceTime(context, server, 13 * DAY_MS);
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  expect(await dialogOf(page).count()).toBe(0);
});

test('two idle tabs do not keep each other signed in', async ({ page, context, server, problems }) => {
  problems.expect(/^Failed to load resource: .*401/);
  await page.clock.install();
  // Without BroadcastChannel, the tab gets no messages from the other one.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'BroadcastChannel'));
  await signIn(page, server.users.user);
  await page.getByRole('region', { name: 'This session' }).getByText('Expires').waitFor();

  await advanceTime(context, server, 10 * DAY_MS);
  const other = await context.newPage();
  await other.goto('/profile');
  await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();

  // On day 14, the first tab checks and learns that the session expires on day 24. The check does not extend it.
  const check = page.waitForRequest('**/trpc/auth.me*');
  await advanceTime(context, server, 4 * DAY_MS + 60_000);
  expect(await (await check).headerValue(BACKGROUND_HEADER)).toBe('1');
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('Expires in 10 days');

  await advanceTime(context, server, 10 * DAY_MS);
  for (const tab of [page, other]) {
    // oxlint-disable-next-line no-await-in-loop -- in sequence
    const login = await waitForLoginPage(tab);
    expect(login.searchParams.get('reason')).toBe('SESSION_EXPIRED');
  }
});

// Browsers delete the cookie on day 14. Their clock is not the faked clock of the page, so the test deletes it.
test('a session whose cookie the browser deleted is reported as expired on an open page', async ({ page, context, server, problems }) => {
  problems.expect(/^Failed to load resource: .*401/);
  await page.clock.install();
  await signIn(page, server.users.user, '/profile');
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await settled(context);
  await context.clearCookies();
  await page.clock.fastForward(14 * DAY_MS + 60_000);
  await waitForLoginPage(page);
  await page.getByText('Your session has expired. Sign in again.').waitFor();
});

test('a session whose cookie the browser deleted is reported as expired in a new page', async ({ page, context, server }) => {
  await page.clock.install();
  await signIn(page, server.users.user);
  await page.getByRole('region', { name: 'This session' }).getByText('Expires').waitFor();
  await page.close();
  await context.clearCookies();
  await context.clock.fastForward(20 * DAY_MS);
  const next = await context.newPage();
  await next.goto('/profile');
  await waitForLoginPage(next);
  await next.getByText('Your session has expired. Sign in again.').waitFor();
});

test('past events are not shown in the future if the clock of the page is behind', async ({ page, server }) => {
  await signIn(page, server.users.user);
  server.sql(`UPDATE gatehouse_activity SET happened_at = happened_at + ${DAY_MS}`);
  await page.reload();
  const activity = page.getByRole('region', { name: 'Recent activity' });
  await activity.getByRole('listitem').first().waitFor();
  expect(await activity.textContent()).toContain('just now');
  expect(await activity.textContent()).not.toMatch(/in \d+ (day|hour)/);
});

test('after expiry, an open page redirects to the login page and keeps its path', async ({ page, server, problems }) => {
  problems.expect(/^Failed to load resource: .*401/);
  await page.clock.install();
  await signIn(page, server.users.user, '/profile');
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  // The state on the server after expiry.
  server.sql(`UPDATE gatehouse_session SET expires_at = '2020-01-01T00:00:00.000+00:00', renewed_at = '2020-01-01T00:00:00.000+00:00'`);
  await page.clock.fastForward(14 * DAY_MS + 60_000);
  const { search } = await waitForLoginPage(page);
  expect(search).toContain('next=%2Fprofile');
  expect(search).toContain('reason=SESSION_EXPIRED');
});
