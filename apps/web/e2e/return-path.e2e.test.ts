import { expect } from 'vitest';
import { sendSignIn, signIn, signOutButton, waitForLoginPage, currentPath } from './support/sign-in.ts';
import { test } from './support/test.ts';

const DEEP_LINK = '/profile?code=007&tag=a&tag=b&q=x%26y#name';

test('a deep link requires sign-in, and then opens with path, query and hash', async ({ page, server }) => {
  await page.goto(DEEP_LINK);
  const login = await waitForLoginPage(page);
  expect(login.pathname).toBe('/login');
  expect(login.searchParams.get('next')).toBe(DEEP_LINK);
  expect(login.searchParams.get('reason')).toBe('SIGN_IN_REQUIRED');
  await sendSignIn(page, server.users.user);
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  expect(currentPath(page)).toBe(DEEP_LINK);
});

test('the login page is not in the history: Back skips it', async ({ page, server, problems }) => {
  // The status of a missing page.
  problems.expect(/^Failed to load resource: .*404/);
  await page.goto('/no-such-page');
  await page.goto('/profile');
  await waitForLoginPage(page);
  await sendSignIn(page, server.users.user);
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
});

test('reloading keeps the session and the URL', async ({ page, server }) => {
  await signIn(page, server.users.user, DEEP_LINK);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  expect(currentPath(page)).toBe(DEEP_LINK);
});

test('a protected page is not rendered before the server has confirmed the session', async ({ page, server }) => {
  await signIn(page, server.users.user);
  let respond = () => {};
  const held = new Promise<void>((resolve) => (respond = resolve));
  const request = page.waitForRequest('**/trpc/auth.presence*');
  await page.route('**/trpc/auth.presence*', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/profile');
  await request;
  await page.getByRole('status', { name: 'Loading' }).waitFor();
  expect(await signOutButton(page).count()).toBe(0);
  expect(await page.getByRole('heading').count()).toBe(0);
  respond();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
});

test('a download that requires a session starts after sign-in', async ({ page, server }) => {
  await page.goto('/account/export');
  await waitForLoginPage(page);
  const download = page.waitForEvent('download');
  await sendSignIn(page, server.users.user);
  expect((await download).suggestedFilename()).toBe('gatehouse-account.json');
  // The home page is shown as well.
  await page.getByRole('heading', { level: 1, name: /^Welcome/ }).waitFor();
});

test('the dashboard has a link to the download', async ({ page, server }) => {
  await signIn(page, server.users.user);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download my data' }).click();
  expect((await download).suggestedFilename()).toBe('gatehouse-account.json');
  expect(currentPath(page)).toBe('/');
});
