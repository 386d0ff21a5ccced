import { AJAX_HEADER, AJAX_HEADER_VALUE, TRPC_PATH } from '@gatehouse/contract';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { Person } from './support/gatehouse-server.ts';
import { eventually } from './support/eventually.ts';
import { sendSignIn, signIn, signOutButton, untilLoginPage, whereabouts } from './support/sign-in.ts';
import { test } from './support/test.ts';

const END_ALL_SESSIONS = 'DELETE FROM gatehouse_session';

/** How many calls were answered 401: each session ends with one. */
function countRefusals(page: Page): () => number {
  let refusals = 0;
  page.on('response', (response) => {
    if (response.url().includes('/trpc/') && response.status() === 401) refusals += 1;
  });
  return () => refusals;
}

// A call that was on its way when the session ended is refused.
test.beforeEach(({ problems }) => problems.expect(/^Failed to load resource: .*401/));

describe('signing out', () => {
  test('leads to the login page, and Back shows nothing personal', async ({ page, server }) => {
    await signIn(page, server.people.user);
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    const email = await page.getByText('@').first().textContent();
    await signOutButton(page).click();
    expect((await untilLoginPage(page)).search).toBe('');

    for (const place of ['/login?next=%2Fprofile&reason=SIGN_IN_REQUIRED', '/login?reason=SIGN_IN_REQUIRED']) {
      // oxlint-disable-next-line no-await-in-loop -- one step back after the other
      await page.goBack();
      // The login page is there before the step as well: the step is done once its address is this one.
      // oxlint-disable-next-line no-await-in-loop
      await eventually(() => whereabouts(page)).toBe(place);
      // oxlint-disable-next-line no-await-in-loop
      await untilLoginPage(page);
      // oxlint-disable-next-line no-await-in-loop
      expect(await page.content()).not.toContain(email);
    }
  });

  test('the cookie of the session is dead', async ({ page, context, server }) => {
    await signIn(page, server.people.user);
    const cookies = await context.cookies();
    await signOutButton(page).click();
    await untilLoginPage(page);
    await context.addCookies(cookies);
    await page.goto('/profile');
    await untilLoginPage(page);
  });

  test('signs out the other tabs, which keep their place; signing in brings them back', async ({ page, context, server }) => {
    await signIn(page, server.people.user);
    const other = await context.newPage();
    await other.goto('/profile?tab=1');
    await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();

    await signOutButton(page).click();
    await untilLoginPage(page);
    const login = await untilLoginPage(other);
    expect(login.searchParams.get('next')).toBe('/profile?tab=1');
    expect(login.searchParams.get('reason')).toBe('SESSION_ENDED');

    await sendSignIn(page, server.people.user);
    await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    expect(whereabouts(other)).toBe('/profile?tab=1');
  });

  test('who signs in as someone else sees nothing of the one before', async ({ page, server }) => {
    await signIn(page, server.people.user);
    const name = await page.getByRole('heading', { level: 1 }).textContent();
    await signOutButton(page).click();
    await untilLoginPage(page);
    await sendSignIn(page, server.people.admin);
    await signOutButton(page).waitFor();
    await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Welcome, /);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toBe(name);
  });
});

describe('a session that ends while it is used', () => {
  test('expired: the next call leads to the login page once, and back after signing in', async ({ page, server }) => {
    await signIn(page, server.people.user, '/profile?tab=1#name');
    const refusals = countRefusals(page);
    server.sql(
      "UPDATE gatehouse_session SET expires_at = '2020-01-01T00:00:00.000+00:00', renewed_at = '2019-12-01T00:00:00.000+00:00', last_activity_at = '2019-12-01T00:00:00.000+00:00'",
    );
    await page.getByLabel('Name', { exact: true }).fill('Somebody Else');
    await page.getByRole('button', { name: 'Save' }).click();
    const login = await untilLoginPage(page);
    expect(login.searchParams.get('next')).toBe('/profile?tab=1#name');
    expect(login.searchParams.get('reason')).toBe('SESSION_EXPIRED');
    await page.getByText('Your session has expired. Sign in again.').waitFor();
    expect(refusals()).toBe(1);

    await sendSignIn(page, server.people.user);
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    expect(whereabouts(page)).toBe('/profile?tab=1#name');
  });

  test('ended by someone else: several calls that fail at once lead to the login page once', async ({ page, server }) => {
    await signIn(page, server.people.user, '/profile');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    const addresses: string[] = [];
    page.on('framenavigated', (frame) => addresses.push(new URL(frame.url()).pathname));
    server.sql(END_ALL_SESSIONS);
    await page.getByRole('link', { name: 'Dashboard' }).click();
    expect((await untilLoginPage(page)).searchParams.get('reason')).toMatch(/^SESSION_(ENDED|EXPIRED)$/);
    expect(addresses).toEqual(['/', '/login']);
  });

  test('in one tab it is known in all', async ({ page, context, server }) => {
    await signIn(page, server.people.user);
    const other = await context.newPage();
    await other.goto('/profile');
    await other.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    server.sql(END_ALL_SESSIONS);
    await page.reload();
    await untilLoginPage(page);
    await untilLoginPage(other);
  });

  test('a demotion shows at the next call, and is not a sign-out', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*403/);
    await signIn(page, server.people.admin, '/admin');
    await page.getByText('Live sessions').waitFor();
    server.sql(`UPDATE gatehouse_user SET role = 'user' WHERE username = '${server.people.admin.username}'`);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Your account may not see this page' }).waitFor();
    expect(await page.getByRole('link', { name: 'Admin' }).count()).toBe(0);
    expect(await signOutButton(page).isVisible()).toBe(true);
    server.sql(`UPDATE gatehouse_user SET role = 'admin' WHERE username = '${server.people.admin.username}'`);
  });
});

describe('another user signs in underneath', () => {
  /** As another front end of this origin would: the page hears nothing of it. */
  async function signInUnderneath(page: Page, { username, password }: Person): Promise<void> {
    const answer = await page.request.post(`${TRPC_PATH}/auth.login`, {
      headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE },
      data: { identifier: username, password },
    });
    expect(answer.ok()).toBe(true);
  }
  const nameField = (page: Page) => page.getByLabel('Name', { exact: true });
  const notice = (page: Page) => page.getByText('Someone else is signed in here now');

  // A call that was made for the one before is refused.
  test.beforeEach(({ problems }) => problems.expect(/^Failed to load resource: .*412/));

  test('a form that was filled in for one account is not sent to the other; the page is made anew', async ({ page, server }) => {
    const { user, admin } = server.people;
    await signIn(page, admin, '/profile');
    const adminsName = await nameField(page).inputValue();
    await signIn(page, user, '/profile');
    const usersName = await nameField(page).inputValue();
    await nameField(page).fill('Typed for the user');
    await signInUnderneath(page, admin);
    await page.getByRole('button', { name: 'Save' }).click();
    await notice(page).waitFor();
    await eventually(() => nameField(page).inputValue()).toBe(adminsName);
    await page.getByRole('link', { name: 'Audit' }).waitFor();
    expect(whereabouts(page)).toBe('/profile');

    // And nothing was stored for either.
    await page.reload();
    await eventually(() => nameField(page).inputValue()).toBe(adminsName);
    await signIn(page, user, '/profile');
    await eventually(() => nameField(page).inputValue()).toBe(usersName);
  });

  test('signing out on the page of one does not sign out the other', async ({ page, server }) => {
    const { user, admin } = server.people;
    await signIn(page, user);
    const welcome = await page.getByRole('heading', { level: 1 }).textContent();
    await signInUnderneath(page, admin);
    await signOutButton(page).click();
    await notice(page).waitFor();
    await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Welcome, /);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toBe(welcome);
    await page.reload();
    await page.getByRole('link', { name: 'Audit' }).waitFor();
  });

  test('a tab learns it from another, and what was typed for the one before is gone', async ({ page, context, server }) => {
    const { user, admin } = server.people;
    await signIn(page, user, '/profile');
    const usersName = await nameField(page).inputValue();
    await nameField(page).fill('Typed for the user');
    await signInUnderneath(page, admin);
    const other = await context.newPage();
    await other.goto('/');
    await notice(page).waitFor();
    await page.getByRole('link', { name: 'Audit' }).waitFor();
    await eventually(() => nameField(page).inputValue()).not.toMatch(/^Typed/);
    expect(await nameField(page).inputValue()).not.toBe(usersName);
  });
});
