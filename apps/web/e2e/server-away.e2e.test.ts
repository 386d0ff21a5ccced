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

  test('signing out without a server says that one is still signed in', async ({ page, server, problems }) => {
    problems.expect(...NO_ANSWER);
    await signIn(page, server.people.user);
    await page.route('**/trpc/auth.logout*', (route) => route.abort());
    await signOutButton(page).click();
    await page.getByText('You are still signed in').waitFor();
    expect(whereabouts(page)).toBe('/');
  });

  test('storage down while loading a page: an error page that can retry, never the login page', async ({ page, server, problems }) => {
    problems.expect(...NO_ANSWER);
    await signIn(page, server.people.user, '/profile');
    await page.route('**/trpc/**', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: storageDown }));
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Gatehouse cannot be reached' }).waitFor();
    expect(await page.textContent('main')).toContain('You are still signed in');
    expect(await page.textContent('main')).toContain('req_0123456789');
    expect(whereabouts(page)).toBe('/profile');

    await page.unroute('**/trpc/**');
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
