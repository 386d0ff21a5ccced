import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.ts';
import { sendSignIn, signIn, signOutButton, untilLoginPage, whereabouts } from './support/sign-in.ts';
import { test } from './support/test.ts';

/** What the console says of calls that got no answer, and of the error page that follows. */
const NO_ANSWER = [/^Failed to load resource: .*(ERR_|50[0-9])/, /TRPCClientError/];

const storageDown = JSON.stringify([
  {
    error: {
      message: '',
      code: -32603,
      data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'STORAGE_UNAVAILABLE', requestId: 'req_0123456789' },
    },
  },
]);

/** The scripts that this page has fetched. */
const scriptsOf = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.js')),
  );

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

describe('a server that is away signs nobody out', () => {
  test('killed in the middle: the page stays, says so, and goes on when it is back', async ({ page, server, problems }) => {
    problems.expect(...NO_ANSWER);
    const activity = page.getByRole('region', { name: 'Recent activity' });
    await signIn(page, server.people.user);
    await activity.getByRole('listitem').first().waitFor();
    const ofDashboard = await scriptsOf(page);
    await page.goto('/profile');
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    // The code of the dashboard is fetched ahead.
    await eventually(() => scriptsOf(page)).toEqual(expect.arrayContaining(ofDashboard));
    onTestFinished(server.start);
    await server.kill();
    await page.getByRole('link', { name: 'Dashboard' }).click();
    await page.getByText('Nobody is signed out by that.').waitFor();
    await activity.getByText('could not be loaded').waitFor();
    expect(whereabouts(page)).toBe('/');
    expect(await signOutButton(page).isVisible()).toBe(true);

    await server.start();
    await activity.getByRole('button', { name: 'Try again' }).click();
    await activity.getByText('Signed in').first().waitFor();
    await page.getByText('Nobody is signed out by that.').waitFor({ state: 'detached' });
    expect(whereabouts(page)).toBe('/');
  });

  test('signing out without a server says that one may still be signed in, and claims nothing', async ({ page, server, problems }) => {
    problems.expect(...NO_ANSWER);
    await signIn(page, server.people.user);
    await page.route('**/trpc/auth.logout*', (route) => route.abort());
    await signOutButton(page).click();
    await page.getByText('You may still be signed in').waitFor();
    expect(whereabouts(page)).toBe('/');
  });

  test('storage down while loading a page: an error page that can retry, never the login page', async ({ page, server, problems }) => {
    problems.expect(...NO_ANSWER);
    await signIn(page, server.people.user, '/profile');
    await page.route('**/trpc/**', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: storageDown }));
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Gatehouse cannot be reached' }).waitFor();
    expect(await page.textContent('main')).toContain('This does not sign you out.');
    expect(await page.textContent('main')).toContain('req_0123456789');
    expect(whereabouts(page)).toBe('/profile');

    await page.unroute('**/trpc/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    // The button that had the focus is gone.
    await eventually(() => focused(page)).toBe('Profile');
  });

  test('what could not be loaded loads by itself when the server is back, and by hand without losing the focus', async ({
    page,
    server,
    problems,
  }) => {
    problems.expect(...NO_ANSWER);
    await page.clock.install();
    await signIn(page, server.people.user, '/sessions');
    const devices = page.getByRole('region', { name: 'You’re signed in on these devices' });
    await devices.getByRole('listitem').first().waitFor();
    const fail = async () => {
      await page.route('**/trpc/**', (route) => route.abort());
      await page.getByRole('link', { name: 'Dashboard' }).click();
      // Its own three retries.
      for (const ms of [1000, 2000, 4000]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await Promise.all([page.waitForEvent('requestfailed'), page.clock.fastForward(ms + 500)]);
      }
      await activity.getByText('could not be loaded').waitFor();
    };
    const activity = page.getByRole('region', { name: 'Recent activity' });
    await fail();
    await page.unroute('**/trpc/**');
    await page.clock.fastForward(10_000);
    await activity.getByRole('listitem').first().waitFor();

    // Old enough to be asked for again.
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.clock.fastForward(600_000);
    await fail();
    await page.unroute('**/trpc/**');
    await activity.getByRole('button', { name: 'Try again' }).click();
    await activity.getByRole('listitem').first().waitFor();
    await eventually(() => focused(page)).toBe('Recent activity');
  });

  test('a page whose code does not arrive says so in its place: one header, one main part, and it can be tried again', async ({
    page,
    server,
    problems,
  }) => {
    problems.expect(...NO_ANSWER, /dynamically imported module/);
    await page.route('**/assets/profile-*.js', (route) => route.abort());
    await signIn(page, server.people.user);
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByRole('heading', { level: 1, name: 'This page could not be loaded' }).waitFor();
    expect(await page.locator('main').count()).toBe(1);
    expect(await page.locator('header:not(main header)').count()).toBe(1);
    expect(await signOutButton(page).isVisible()).toBe(true);
    await page.unroute('**/assets/profile-*.js');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  });

  test('a proxy’s own error page is no sign-out', async ({ page, server, problems }) => {
    problems.expect(...NO_ANSWER);
    await signIn(page, server.people.user, '/profile');
    await page.route('**/trpc/**', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }));
    await page.getByLabel('Name', { exact: true }).fill('Another Name');
    await page.getByRole('button', { name: 'Save' }).click();
    await eventually(() => page.getByRole('alert').textContent()).toContain('does not answer');
    expect(whereabouts(page)).toBe('/profile');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Another Name');
  });

  test('offline is said, and is over when it is over', async ({ page, context, server, problems }) => {
    // Code may be fetched ahead just then.
    problems.expect(/ERR_INTERNET_DISCONNECTED/);
    await signIn(page, server.people.user);
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await context.setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
    expect(whereabouts(page)).toBe('/');
  });
});

test('the login form says that the server does not answer, and works when it is back', async ({ page, server, problems }) => {
  problems.expect(...NO_ANSWER);
  await page.goto('/login');
  await untilLoginPage(page);
  await page.route('**/trpc/**', (route) => route.abort());
  await sendSignIn(page, server.people.user);
  await eventually(() => page.getByRole('alert').textContent()).toContain('does not answer');
  await page.unroute('**/trpc/**');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signOutButton(page).waitFor();
});

test('with storage down, the login form does not say that one is signed in', async ({ page, problems }) => {
  problems.expect(...NO_ANSWER);
  await page.goto('/login');
  await untilLoginPage(page);
  await page.route('**/trpc/auth.login*', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: storageDown }));
  await sendSignIn(page, { username: 'anyone', password: 'anything at all' });
  await eventually(() => page.getByRole('alert').textContent()).toContain('Sessions cannot be reached at the moment.');
  expect(await page.textContent('main')).not.toMatch(/still signed in|sign you out/);
});
