import { expect } from 'vitest';
import { sendSignIn, signIn, signOutButton, untilLoginPage, whereabouts } from './support/sign-in.ts';
import { test } from './support/test.ts';

const DEEP_LINK = '/profile?code=007&tag=a&tag=b&q=x%26y#name';

test('a deep link asks to sign in, and comes back with path, query and hash', async ({ page, server }) => {
  await page.goto(DEEP_LINK);
  const login = await untilLoginPage(page);
  expect(login.pathname).toBe('/login');
  expect(login.searchParams.get('next')).toBe(DEEP_LINK);
  expect(login.searchParams.get('reason')).toBe('SIGN_IN_REQUIRED');
  await sendSignIn(page, server.people.user);
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  expect(whereabouts(page)).toBe(DEEP_LINK);
});

test('the login page is not left in the history: Back from the page goes to where one came from', async ({ page, server }) => {
  await page.goto('/no-such-page');
  await page.goto('/profile');
  await untilLoginPage(page);
  await sendSignIn(page, server.people.user);
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'There is no page at this address' }).waitFor();
});

test('reloading keeps the session and the place', async ({ page, server }) => {
  await signIn(page, server.people.user, DEEP_LINK);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  expect(whereabouts(page)).toBe(DEEP_LINK);
});

test('nothing of a protected page is shown before the server has said who is there', async ({ page, server }) => {
  await signIn(page, server.people.user);
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  const asked = page.waitForRequest('**/trpc/auth.presence*');
  await page.route('**/trpc/auth.presence*', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/profile');
  await asked;
  await page.getByRole('status', { name: 'Loading' }).waitFor();
  expect(await signOutButton(page).count()).toBe(0);
  expect(await page.getByRole('heading').count()).toBe(0);
  answer();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
});

test('a download that needs a session signs in first, then comes', async ({ page, server }) => {
  await page.goto('/account/export');
  await untilLoginPage(page);
  const download = page.waitForEvent('download');
  await sendSignIn(page, server.people.user);
  expect((await download).suggestedFilename()).toBe('gatehouse-account.json');
  // And there is a page to be on.
  await page.getByRole('heading', { level: 1, name: /^Welcome/ }).waitFor();
});

test('the dashboard offers the download', async ({ page, server }) => {
  await signIn(page, server.people.user);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download my data' }).click();
  expect((await download).suggestedFilename()).toBe('gatehouse-account.json');
  expect(whereabouts(page)).toBe('/');
});
