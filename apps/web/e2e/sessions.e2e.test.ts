import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { signIn, untilLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

const LONG_AGO = `UPDATE gatehouse_session SET data = json_set(data, '$.authenticatedAt', '2020-01-01T00:00:00.000Z'), version = version + 1`;

const list = (page: Page) => page.getByRole('region', { name: 'You’re signed in on these devices' });
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Enter your password again' });
const dialogField = (page: Page) => dialog(page).getByLabel('Password', { exact: true });
const goOn = (page: Page) => dialog(page).getByRole('button', { name: 'Continue' });

const storageDown = JSON.stringify([
  { error: { message: '', code: -32603, data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'STORAGE_UNAVAILABLE' } } },
]);

/** Twenty-six more of whoever is signed in. */
const MORE = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 26)
  INSERT INTO gatehouse_session
    (session_key, handle, user_id, credential_epoch, data, version, created_at, renewed_at, last_activity_at, expires_at)
  SELECT 'more' || i, 'ses_more' || i, user_id, credential_epoch, data, 1, created_at, renewed_at, last_activity_at - 1000 * i, expires_at
  FROM gatehouse_session, n`;

/** Chromium logs a refused call; the page asks and goes on. */
const REFUSED = /^Failed to load resource: .*403/;

describe('my sessions', () => {
  test('another browser of mine is listed, and ending it there ends it', async ({ page, browser, server, context }) => {
    server.sql('DELETE FROM gatehouse_session');
    await signIn(page, server.people.user, '/sessions');
    const elsewhere = await browser.newContext({ baseURL: server.address });
    const other = await elsewhere.newPage();
    await signIn(other, server.people.user);

    await page.reload();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(2);
    await eventually(() => list(page).textContent()).toContain('This session');
    await list(page)
      .getByRole('button', { name: /End the session/ })
      .click();
    await page.getByText('The session is ended.').waitFor();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(1);

    await other.reload();
    await untilLoginPage(other);
    await elsewhere.close();
    expect(context.pages()).toHaveLength(1);
  });

  test('more sessions than fit in a page are shown when they are asked for', async ({ page, server }) => {
    server.sql('DELETE FROM gatehouse_session');
    await signIn(page, server.people.user, '/sessions');
    server.sql(MORE);
    await page.reload();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(25);
    await list(page).getByRole('button', { name: 'Show more' }).click();
    await eventually(() => list(page).getByRole('listitem').count()).toBe(27);
    await eventually(() => list(page).getByRole('button', { name: 'Show more' }).count()).toBe(0);
    server.sql(`DELETE FROM gatehouse_session WHERE handle LIKE 'ses_more%'`);
  });

  test('security 9: when the password is no longer fresh a dialog asks for it, and what was asked goes on', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED);
    await signIn(page, server.people.user, '/sessions');
    const elsewhere = await browser.newContext({ baseURL: server.address });
    await signIn(await elsewhere.newPage(), server.people.user);
    server.sql(LONG_AGO);
    await page.reload();

    await page.getByRole('button', { name: 'End all others' }).click();
    await dialog(page).waitFor();
    await eventually(() => dialogField(page).evaluate((field) => field === document.activeElement)).toBe(true);

    await dialogField(page).fill('not this one');
    await goOn(page).click();
    await dialog(page).getByText('This is not your password.').waitFor();
    await eventually(() => dialogField(page).inputValue()).toBe('');

    await dialogField(page).fill(server.people.user.password);
    await goOn(page).click();
    await page.getByText(/^\d+ sessions? ended\. You stay signed in here\.$/).waitFor();
    await eventually(() => dialog(page).count()).toBe(0);
    await eventually(() => list(page).getByRole('listitem').count()).toBe(1);
    await elsewhere.close();
  });

  test('Escape declines: nothing is done, nothing is reported, and the focus is back where it was', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED);
    await signIn(page, server.people.user, '/sessions');
    const elsewhere = await browser.newContext({ baseURL: server.address });
    await signIn(await elsewhere.newPage(), server.people.user);
    server.sql(LONG_AGO);
    await page.reload();
    const button = list(page)
      .getByRole('button', { name: /End the session/ })
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
    await elsewhere.close();
  });
});

describe('several at once', () => {
  const focused = (page: Page) =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

  test('an end that fails is told though another is under way, and the focus is not lost', async ({ page, browser, server, problems }) => {
    problems.expect(/^Failed to load resource: .*503/);
    server.sql('DELETE FROM gatehouse_session');
    await signIn(page, server.people.user);
    const elsewhere = await browser.newContext({ baseURL: server.address });
    const other = await elsewhere.newPage();
    for (let n = 0; n < 3; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one session after the other
      await elsewhere.clearCookies();
      // oxlint-disable-next-line no-await-in-loop
      await signIn(other, server.people.user);
    }
    let letFirstFail = () => {};
    const both = new Promise<void>((resolve) => (letFirstFail = resolve));
    let calls = 0;
    await page.route('**/trpc/sessions.revoke?*', async (route) => {
      calls += 1;
      if (calls > 1) return route.continue();
      await both;
      await route.fulfill({ status: 503, contentType: 'application/json', body: storageDown });
    });
    await page.goto('/sessions');
    const buttons = list(page).getByRole('button', { name: /End the session/ });
    await eventually(() => buttons.count()).toBe(3);
    await buttons.nth(0).click();
    await buttons.nth(1).click();
    await page.getByText('The session is ended.').waitFor();
    await eventually(() => buttons.count()).toBe(2);
    // To the next in the list.
    await eventually(() => focused(page)).toMatch(/^End the session/);
    letFirstFail();
    await page.getByText('The session was not ended').waitFor();

    await page.getByRole('button', { name: 'End all others' }).click();
    await eventually(() => buttons.count()).toBe(0);
    await eventually(() => focused(page)).toBe('You’re signed in on these devices');
    await elsewhere.close();
  });

  test('a password dialog whose code does not arrive leaves the page as it is, and works once it does', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED, /ERR_FAILED/, /dynamically imported module/);
    await signIn(page, server.people.user, '/sessions');
    const elsewhere = await browser.newContext({ baseURL: server.address });
    await signIn(await elsewhere.newPage(), server.people.user);
    server.sql(LONG_AGO);
    await page.reload();
    await page.route('**/assets/password-dialog*', (route) => route.abort());
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByText('You cannot be asked for your password at the moment.').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sessions');
    await page.unroute('**/assets/password-dialog*');
    await page.getByRole('button', { name: 'End all others' }).click();
    await dialog(page).waitFor();
    await elsewhere.close();
  });
});

describe('my password', () => {
  test('a wrong current password stands at its field; the right one changes it and says how many sessions ended', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED, /^Failed to load resource: .*400/);
    const { username, password } = server.people.admin;
    await signIn(page, { username, password }, '/profile');
    const elsewhere = await browser.newContext({ baseURL: server.address });
    await signIn(await elsewhere.newPage(), { username, password });
    const form = page.getByRole('form', { name: 'Your password' });
    const current = form.getByLabel('Current password', { exact: true });
    const next = form.getByLabel('New password', { exact: true });
    const send = form.getByRole('button', { name: 'Change password' });

    await current.fill('not this one');
    await next.fill('a lantern over the gate');
    await send.click();
    await form.getByText('This is not your password.').waitFor();

    await current.fill(password);
    await next.fill(password);
    await send.click();
    await form.getByText('This is the same as the current one. Choose another.').waitFor();

    await next.fill('password123');
    await send.click();
    await form.getByText('one of the most used ones').waitFor();

    await next.fill('a lantern over the gate');
    await send.click();
    await page.getByText(/^Your password is changed\. \d+ other sessions? ended\.$/).waitFor();
    await eventually(() => current.inputValue()).toBe('');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    await elsewhere.close();
  });
});
