import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished } from 'vitest';
import { eventually } from './support/eventually.ts';
import { sendSignIn, signIn, signOutButton, waitForLoginPage, currentPath } from './support/sign-in.ts';
import { test } from './support/test.ts';

/** Console messages of failed calls and of the error page. */
const EXPECTED_ERRORS = [/^Failed to load resource: .*(ERR_|50[0-9])/, /TRPCClientError/];

const storageUnavailable = JSON.stringify([
  {
    error: {
      message: '',
      code: -32603,
      data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'STORAGE_UNAVAILABLE', requestId: 'req_0123456789' },
    },
  },
]);

/** The scripts that the page has loaded. */
const loadedScripts = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => name.endsWith('.js')),
  );

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

describe('an unavailable server does not sign users out', () => {
  test('a killed server: the page stays, shows a notice, and continues when the server is back', async ({ page, server, problems }) => {
    problems.expect(...EXPECTED_ERRORS);
    const activity = page.getByRole('region', { name: 'Recent activity' });
    await signIn(page, server.users.user, '/profile');
    await activity.getByRole('listitem').first().waitFor();
    const ofProfile = (await loadedScripts(page)).filter((script) => script.includes('/profile-'));
    expect(ofProfile).not.toEqual([]);
    // A page without the recent activity, which would otherwise be known.
    await page.goto('/sessions');
    await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
    // The code of the other pages is preloaded.
    await eventually(() => loadedScripts(page)).toEqual(expect.arrayContaining(ofProfile));
    onTestFinished(server.start);
    await server.kill();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByText('This does not sign anyone out.').waitFor();
    await activity.getByText('could not be loaded').waitFor();
    expect(currentPath(page)).toBe('/profile');
    expect(await signOutButton(page).isVisible()).toBe(true);

    await server.start();
    // No click on "Try again": it would race with the automatic retry, which comes after at most 72 seconds.
    await activity.getByText('Signed in').first().waitFor({ timeout: 90_000 });
    await page.getByText('This does not sign anyone out.').waitFor({ state: 'detached' });
    expect(currentPath(page)).toBe('/profile');
  });

  test('a sign-out without a server shows that the user may still be signed in', async ({ page, server, problems }) => {
    problems.expect(...EXPECTED_ERRORS);
    await signIn(page, server.users.user);
    await page.route('**/trpc/auth.logout*', (route) => route.abort());
    await signOutButton(page).click();
    await page.getByText('You may still be signed in').waitFor();
    expect(currentPath(page)).toBe('/');
  });

  test('unavailable storage on page load shows an error page with a retry, not the login page', async ({ page, server, problems }) => {
    problems.expect(...EXPECTED_ERRORS);
    await signIn(page, server.users.user, '/profile');
    await page.route('**/trpc/**', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: storageUnavailable }));
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Gatehouse can’t be reached' }).waitFor();
    expect(await page.textContent('main')).toContain('This does not sign you out.');
    expect(await page.textContent('main')).toContain('req_0123456789');
    expect(currentPath(page)).toBe('/profile');

    await page.unroute('**/trpc/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    // The focused button was removed.
    await eventually(() => focused(page)).toBe('Profile');
  });

  test('failed queries are retried when the server is back, or manually without losing the focus', async ({ page, server, problems }) => {
    problems.expect(...EXPECTED_ERRORS);
    await page.clock.install();
    await signIn(page, server.users.user, '/sessions');
    const devices = page.getByRole('region', { name: 'You’re signed in on these devices' });
    await devices.getByRole('rowheader').first().waitFor();
    const fail = async () => {
      await page.route('**/trpc/**', (route) => route.abort());
      await page.getByRole('link', { name: 'Dashboard' }).click();
      // The query's three retries.
      for (const ms of [1000, 2000, 4000]) {
        // oxlint-disable-next-line no-await-in-loop -- in sequence
        await Promise.all([page.waitForEvent('requestfailed'), page.clock.fastForward(ms + 500)]);
      }
      await activity.getByText('could not be loaded').waitFor();
    };
    const activity = page.getByRole('region', { name: 'Recent activity' });
    await fail();
    await page.unroute('**/trpc/**');
    await page.clock.fastForward(10_000);
    await activity.getByRole('listitem').first().waitFor();

    // Let the data become stale.
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.clock.fastForward(600_000);
    await fail();
    await page.unroute('**/trpc/**');
    await activity.getByRole('button', { name: 'Try again' }).click();
    await activity.getByRole('listitem').first().waitFor();
    await eventually(() => focused(page)).toBe('Recent activity');
  });

  test('a page whose code does not load shows an error with a retry within the layout', async ({ page, server, problems }) => {
    problems.expect(...EXPECTED_ERRORS, /dynamically imported module/);
    await page.route('**/assets/profile-*.js', (route) => route.abort());
    await signIn(page, server.users.user);
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByRole('heading', { level: 1, name: 'This page could not be loaded' }).waitFor();
    expect(await page.locator('main').count()).toBe(1);
    expect(await page.locator('header:not(main header)').count()).toBe(1);
    expect(await signOutButton(page).isVisible()).toBe(true);
    await page.unroute('**/assets/profile-*.js');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  });

  test('a proxy’s error page is not a sign-out', async ({ page, server, problems }) => {
    problems.expect(...EXPECTED_ERRORS);
    await signIn(page, server.users.user, '/profile');
    await page.route('**/trpc/**', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }));
    await page.getByLabel('Name', { exact: true }).fill('Another Name');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await eventually(() => page.getByRole('alert').textContent()).toContain('is not responding');
    expect(currentPath(page)).toBe('/profile');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Another Name');
  });

  test('a notice is shown while the browser is offline', async ({ page, context, server, problems }) => {
    // Code may be preloading at that moment.
    problems.expect(/ERR_INTERNET_DISCONNECTED/);
    await signIn(page, server.users.user);
    await context.setOffline(true);
    await page.getByText('You’re offline.').waitFor();
    await context.setOffline(false);
    await page.getByText('You’re offline.').waitFor({ state: 'detached' });
    expect(currentPath(page)).toBe('/');
  });
});

test('the login form shows that the server is not responding, and works when it is back', async ({ page, server, problems }) => {
  problems.expect(...EXPECTED_ERRORS);
  await page.goto('/login');
  await waitForLoginPage(page);
  await page.route('**/trpc/**', (route) => route.abort());
  await sendSignIn(page, server.users.user);
  await eventually(() => page.getByRole('alert').textContent()).toContain('is not responding');
  await page.unroute('**/trpc/**');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await signOutButton(page).waitFor();
});

test('with unavailable storage, the login form does not claim that the user is signed in', async ({ page, problems }) => {
  problems.expect(...EXPECTED_ERRORS);
  await page.goto('/login');
  await waitForLoginPage(page);
  await page.route('**/trpc/auth.login*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/json', body: storageUnavailable }),
  );
  await sendSignIn(page, { username: 'anyone', password: 'anything at all' });
  await eventually(() => page.getByRole('alert').textContent()).toContain('Session storage is unavailable.');
  expect(await page.textContent('main')).not.toMatch(/still signed in|sign you out/);
});
