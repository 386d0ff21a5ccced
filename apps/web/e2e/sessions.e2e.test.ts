import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

const EXPIRE_FRESHNESS = `UPDATE gatehouse_session SET data = json_set(data, '$.authenticatedAt', '2020-01-01T00:00:00.000Z'), version = version + 1`;

const list = (page: Page) => page.getByRole('region', { name: 'You’re signed in on these devices' });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Confirm your password' });
const dialogField = (page: Page) => dialog(page).getByLabel('Password', { exact: true });
const continueButton = (page: Page) => dialog(page).getByRole('button', { name: 'Continue' });

const storageUnavailable = JSON.stringify([
  { error: { message: '', code: -32603, data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'STORAGE_UNAVAILABLE' } } },
]);

/** Adds 26 sessions for the signed-in user. */
const ADD_SESSIONS = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 26)
  INSERT INTO gatehouse_session
    (handle, secret_hash, rotated_at, user_id, credential_epoch, data, version, created_at, renewed_at, last_activity_at, expires_at)
  SELECT 'ses_more' || i, 'more' || i, rotated_at, user_id, credential_epoch, data, 1, created_at, renewed_at, last_activity_at - 1000 * i, expires_at
  FROM gatehouse_session, n`;

/** Chromium logs the refused call that opens the password dialog. */
const REFUSED = /^Failed to load resource: .*403/;

describe('own sessions', () => {
  test('a session in another browser is listed and can be ended', async ({ page, browser, server, context }) => {
    server.sql('DELETE FROM gatehouse_session');
    await signIn(page, server.users.user, '/sessions');
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    const other = await otherBrowser.newPage();
    await signIn(other, server.users.user);

    await page.reload();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(2);
    await eventually(() => list(page).textContent()).toContain('This session');
    await list(page)
      .getByRole('button', { name: /^End session/ })
      .click();
    await page.getByText('Session ended.').waitFor();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(1);

    await other.reload();
    await waitForLoginPage(other);
    await otherBrowser.close();
    expect(context.pages()).toHaveLength(1);
  });

  test('"Show more" loads the next page of sessions', async ({ page, server }) => {
    server.sql('DELETE FROM gatehouse_session');
    await signIn(page, server.users.user, '/sessions');
    server.sql(ADD_SESSIONS);
    await page.reload();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(25);
    await list(page).getByRole('button', { name: 'Show more' }).click();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(27);
    await eventually(() => list(page).getByRole('button', { name: 'Show more' }).count()).toBe(0);
    server.sql(`DELETE FROM gatehouse_session WHERE handle LIKE 'ses_more%'`);
  });

  test('security 9: if the password is no longer fresh, a dialog asks for it, and the action continues', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED);
    await signIn(page, server.users.user, '/sessions');
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    await signIn(await otherBrowser.newPage(), server.users.user);
    server.sql(EXPIRE_FRESHNESS);
    await page.reload();

    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await dialog(page).waitFor();
    await eventually(() => dialogField(page).evaluate((field) => field === document.activeElement)).toBe(true);

    await dialogField(page).fill('not this one');
    await continueButton(page).click();
    await dialog(page).getByText('Incorrect password.').waitFor();
    await eventually(() => dialogField(page).inputValue()).toBe('');

    await dialogField(page).fill(server.users.user.password);
    await continueButton(page).click();
    await page.getByText(/^\d+ sessions? ended\. You’re still signed in here\.$/).waitFor();
    await eventually(() => dialog(page).count()).toBe(0);
    await eventually(() => list(page).getByRole('listitem').count()).toBe(1);
    await otherBrowser.close();
  });

  test('Escape cancels: nothing changes, no error is shown, and the focus is restored', async ({ page, browser, server, problems }) => {
    problems.expect(REFUSED);
    await signIn(page, server.users.user, '/sessions');
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    await signIn(await otherBrowser.newPage(), server.users.user);
    server.sql(EXPIRE_FRESHNESS);
    await page.reload();
    const button = list(page)
      .getByRole('button', { name: /^End session/ })
      .first();
    await button.click();
    const sessions = await list(page).getByRole('listitem').count();
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await eventually(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.reload();
    await button.waitFor();
    expect(await list(page).getByRole('listitem').count()).toBe(sessions);
    await otherBrowser.close();
  });
});

describe('concurrent actions', () => {
  const focused = (page: Page) =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

  test('a failure is reported even if another action is pending, and the focus is not lost', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(/^Failed to load resource: .*503/);
    server.sql('DELETE FROM gatehouse_session');
    await signIn(page, server.users.user);
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    const other = await otherBrowser.newPage();
    for (let n = 0; n < 3; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in sequence
      await otherBrowser.clearCookies();
      // oxlint-disable-next-line no-await-in-loop
      await signIn(other, server.users.user);
    }
    let failFirst = () => {};
    const secondEnded = new Promise<void>((resolve) => (failFirst = resolve));
    let calls = 0;
    await page.route('**/trpc/sessions.revoke?*', async (route) => {
      calls += 1;
      if (calls > 1) return route.continue();
      await secondEnded;
      await route.fulfill({ status: 503, contentType: 'application/json', body: storageUnavailable });
    });
    await page.goto('/sessions');
    const buttons = list(page).getByRole('button', { name: /^End session/ });
    await eventually(() => buttons.count()).toBe(3);
    await buttons.nth(0).click();
    await buttons.nth(1).click();
    await page.getByText('Session ended.').waitFor();
    await eventually(() => buttons.count()).toBe(2);
    // The focus moves to the next item of the list.
    await eventually(() => focused(page)).toMatch(/^End session/);
    failFirst();
    await page.getByText('The session could not be ended').waitFor();

    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await eventually(() => buttons.count()).toBe(0);
    await eventually(() => focused(page)).toBe('You’re signed in on these devices');
    await otherBrowser.close();
  });

  test('a password dialog that fails to load does not affect the page, and works at the next attempt', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED, /ERR_FAILED/, /dynamically imported module/);
    await signIn(page, server.users.user, '/sessions');
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    await signIn(await otherBrowser.newPage(), server.users.user);
    server.sql(EXPIRE_FRESHNESS);
    await page.reload();
    await page.route('**/assets/password-dialog*', (route) => route.abort());
    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await page.getByText('The password dialog could not be loaded.').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sessions');
    await page.unroute('**/assets/password-dialog*');
    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await dialog(page).waitFor();
    await otherBrowser.close();
  });
});

describe('own password', () => {
  test('a wrong current password shows an error at its field; the right one changes the password and shows how many sessions ended', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED, /^Failed to load resource: .*400/);
    const { username, password } = server.users.admin;
    await signIn(page, { username, password }, '/profile');
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    await signIn(await otherBrowser.newPage(), { username, password });
    const form = page.getByRole('form', { name: 'Your password' });
    const current = form.getByLabel('Current password', { exact: true });
    const next = form.getByLabel('New password', { exact: true });
    const send = form.getByRole('button', { name: 'Change password' });

    await current.fill('not this one');
    await next.fill('a lantern over the gate');
    await send.click();
    await form.getByText('Incorrect password.').waitFor();

    await current.fill(password);
    await next.fill(password);
    await send.click();
    await form.getByText('The new password must be different from the current one.').waitFor();

    await next.fill('password123');
    await send.click();
    await form.getByText('one of the most common ones').waitFor();

    await next.fill('a lantern over the gate');
    await send.click();
    await page.getByText(/^Password changed\. \d+ other sessions? ended\.$/).waitFor();
    await eventually(() => current.inputValue()).toBe('');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    await otherBrowser.close();
  });
});
