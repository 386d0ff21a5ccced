import { AJAX_HEADER, AJAX_HEADER_VALUE, TRPC_PATH } from '@gatehouse/contract';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Credentials } from './support/gatehouse-server.ts';
import { eventually } from './support/eventually.ts';
import { sendSignIn, signIn, signOutButton, waitForLoginPage, currentPath } from './support/sign-in.ts';
import { test } from './support/test.ts';
import { withoutStream } from './support/without-stream.ts';

const END_ALL_SESSIONS = 'DELETE FROM gatehouse_session';

/** Counts the calls that were refused with 401. */
function countRefusals(page: Page): () => number {
  let refusals = 0;
  page.on('response', (response) => {
    if (response.url().includes('/trpc/') && response.status() === 401) refusals += 1;
  });
  return () => refusals;
}

// Calls that are pending when the session ends are refused.
test.beforeEach(({ problems }) => problems.expect(/^Failed to load resource: .*401/));

describe('signing out', () => {
  test('opens the login page, and Back shows no personal data', async ({ page, server }) => {
    await signIn(page, server.users.user);
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    const email = await page.getByText('@').first().textContent();
    await signOutButton(page).click();
    expect((await waitForLoginPage(page)).search).toBe('');

    for (const path of ['/login?next=%2Fprofile&reason=SIGN_IN_REQUIRED', '/login?reason=SIGN_IN_REQUIRED']) {
      // oxlint-disable-next-line no-await-in-loop -- in sequence
      await page.goBack();
      // The login page is shown before and after. Going back is done once the URL has changed.
      // oxlint-disable-next-line no-await-in-loop
      await eventually(() => currentPath(page)).toBe(path);
      // oxlint-disable-next-line no-await-in-loop
      await waitForLoginPage(page);
      // oxlint-disable-next-line no-await-in-loop
      expect(await page.content()).not.toContain(email);
    }
  });

  test('invalidates the session cookie', async ({ page, context, server }) => {
    await signIn(page, server.users.user);
    const cookies = await context.cookies();
    await signOutButton(page).click();
    await waitForLoginPage(page);
    await context.addCookies(cookies);
    await page.goto('/profile');
    await waitForLoginPage(page);
  });

  test('signs out the other tabs, which return to their page after sign-in', async ({ page, context, server }) => {
    await signIn(page, server.users.user);
    const other = await context.newPage();
    await other.goto('/profile?tab=1');
    await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();

    await signOutButton(page).click();
    await waitForLoginPage(page);
    const login = await waitForLoginPage(other);
    expect(login.searchParams.get('next')).toBe('/profile?tab=1');
    expect(login.searchParams.get('reason')).toBe('SESSION_ENDED');

    await sendSignIn(page, server.users.user);
    await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    expect(currentPath(other)).toBe('/profile?tab=1');
  });

  test('a different user sees no data of the previous one', async ({ page, server }) => {
    await signIn(page, server.users.user);
    const name = await page.getByRole('heading', { level: 1 }).textContent();
    await signOutButton(page).click();
    await waitForLoginPage(page);
    await sendSignIn(page, server.users.admin);
    await signOutButton(page).waitFor();
    await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Welcome, /);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toBe(name);
  });
});

describe('a session that ends while in use', () => {
  test('expired: the next call opens the login page once, and sign-in returns to the page', async ({ page, server, problems }) => {
    await withoutStream(page, problems);
    await signIn(page, server.users.user, '/profile?tab=1#name');
    // All of the page has been loaded, so the next call is the one that saves.
    await page.getByLabel('Name', { exact: true }).waitFor();
    await page.waitForLoadState('networkidle');
    const refusals = countRefusals(page);
    server.sql(
      "UPDATE gatehouse_session SET expires_at = '2020-01-01T00:00:00.000+00:00', renewed_at = '2019-12-01T00:00:00.000+00:00', last_activity_at = '2019-12-01T00:00:00.000+00:00'",
    );
    await page.getByLabel('Name', { exact: true }).fill('Somebody Else');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const login = await waitForLoginPage(page);
    expect(login.searchParams.get('next')).toBe('/profile?tab=1#name');
    expect(login.searchParams.get('reason')).toBe('SESSION_EXPIRED');
    await page.getByText('Your session has expired. Sign in again.').waitFor();
    expect(refusals()).toBe(1);

    await sendSignIn(page, server.users.user);
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    expect(currentPath(page)).toBe('/profile?tab=1#name');
  });

  test('revoked: several failing calls open the login page once', async ({ page, server, problems }) => {
    await withoutStream(page, problems);
    await signIn(page, server.users.user, '/sessions');
    await page.getByText('This session').waitFor();
    const paths: string[] = [];
    page.on('framenavigated', (frame) => paths.push(new URL(frame.url()).pathname));
    server.sql(END_ALL_SESSIONS);
    // Causes two calls: the search, and the report of the input as activity.
    await page.getByRole('searchbox').fill('firefox');
    expect((await waitForLoginPage(page)).searchParams.get('reason')).toMatch(/^SESSION_(ENDED|EXPIRED)$/);
    expect(paths.filter((path) => path === '/login')).toHaveLength(1);
  });

  test('a sign-out noticed in one tab reaches all tabs', async ({ page, context, server }) => {
    await signIn(page, server.users.user);
    const other = await context.newPage();
    await other.goto('/profile');
    await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    server.sql(END_ALL_SESSIONS);
    await page.reload();
    await waitForLoginPage(page);
    await waitForLoginPage(other);
  });

  test('a removed role applies to the next call, and is not a sign-out', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*403/);
    await signIn(page, server.users.admin, '/admin');
    await page.getByText('Active sessions', { exact: true }).waitFor();
    server.sql(`UPDATE gatehouse_user SET role = 'user' WHERE username = '${server.users.admin.username}'`);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'You don’t have access to this page' }).waitFor();
    expect(await page.getByRole('link', { name: 'Admin' }).count()).toBe(0);
    expect(await signOutButton(page).isVisible()).toBe(true);
    server.sql(`UPDATE gatehouse_user SET role = 'admin' WHERE username = '${server.users.admin.username}'`);
  });
});

describe('a different user signs in outside the page', () => {
  /** Signs in like another front end of this origin, without the page noticing. */
  async function signInOutsidePage(page: Page, { username, password }: Credentials): Promise<void> {
    const response = await page.request.post(`${TRPC_PATH}/auth.login`, {
      headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE },
      data: { identifier: username, password },
    });
    expect(response.ok()).toBe(true);
  }
  const nameField = (page: Page) => page.getByLabel('Name', { exact: true });
  const notice = (page: Page) => page.getByText('A different user is signed in now');

  // Calls for the previous user are refused.
  test.beforeEach(({ problems }) => problems.expect(/^Failed to load resource: .*412/));
  // The next call tells the page. live-session.e2e.test.ts shows how it learns at once.
  test.beforeEach(({ context, problems }) => withoutStream(context, problems));

  test('a form filled in for one user is not submitted for the other, and the page is reset', async ({ page, server }) => {
    const { user, admin } = server.users;
    await signIn(page, admin, '/profile');
    const adminsName = await nameField(page).inputValue();
    await signIn(page, user, '/profile');
    const usersName = await nameField(page).inputValue();
    await nameField(page).fill('Typed for the user');
    await signInOutsidePage(page, admin);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await notice(page).waitFor();
    await eventually(() => nameField(page).inputValue()).toBe(adminsName);
    await page.getByRole('link', { name: 'Audit' }).waitFor();
    expect(currentPath(page)).toBe('/profile');

    // Neither name was changed.
    await page.reload();
    await eventually(() => nameField(page).inputValue()).toBe(adminsName);
    await signIn(page, user, '/profile');
    await eventually(() => nameField(page).inputValue()).toBe(usersName);
  });

  test('signing out on the page of one user does not sign out the other', async ({ page, server }) => {
    const { user, admin } = server.users;
    await signIn(page, user);
    const welcome = await page.getByRole('heading', { level: 1 }).textContent();
    await signInOutsidePage(page, admin);
    await signOutButton(page).click();
    await notice(page).waitFor();
    await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Welcome, /);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toBe(welcome);
    await page.reload();
    await page.getByRole('link', { name: 'Audit' }).waitFor();
  });

  test('a tab learns about it from another tab, and its form input is cleared', async ({ page, context, server }) => {
    const { user, admin } = server.users;
    await signIn(page, user, '/profile');
    const usersName = await nameField(page).inputValue();
    await nameField(page).fill('Typed for the user');
    await signInOutsidePage(page, admin);
    const other = await context.newPage();
    await other.goto('/');
    await notice(page).waitFor();
    await page.getByRole('link', { name: 'Audit' }).waitFor();
    await eventually(() => nameField(page).inputValue()).not.toMatch(/^Typed/);
    expect(await nameField(page).inputValue()).not.toBe(usersName);
  });
});
