import { UNDO_MS } from '../src/shared/undo-queue.ts';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { ADD_SESSIONS, endButtons, otherSession, sessionRows, sessionsCard, undoButtons, waitForRows } from './support/own-sessions.ts';
import { currentPath, signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

const EXPIRE_FRESHNESS = `UPDATE gatehouse_session SET data = json_set(data, '$.authenticatedAt', '2020-01-01T00:00:00.000Z'), version = version + 1`;

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Confirm your password' });
const dialogField = (page: Page) => dialog(page).getByLabel('Password', { exact: true });
const continueButton = (page: Page) => dialog(page).getByRole('button', { name: 'Continue' });
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

/** Asks to end all other sessions, and confirms. */
async function endAllOthers(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'End all other sessions' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^End \d+ sessions?$/ })
    .click();
}

/** Counts the calls that end sessions. */
function countRevocations(page: Page): () => number {
  let calls = 0;
  page.on('request', (request) => {
    if (/\/trpc\/[^?]*sessions\.revoke/.test(request.url())) calls += 1;
  });
  return () => calls;
}

const storageUnavailable = JSON.stringify({
  error: { message: '', code: -32603, data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'STORAGE_UNAVAILABLE' } },
});

/** Chromium logs the refused call that opens the password dialog. */
const REFUSED = /^Failed to load resource: .*403/;

test.beforeEach(({ server }) => server.sql('DELETE FROM gatehouse_session'));

describe('ending one session', () => {
  test('a double-click ends one session only, after the time for Undo', async ({ page, browser, server }) => {
    await page.clock.install();
    const other = await otherSession(browser, server);
    const third = await otherSession(browser, server, '/profile');
    await signIn(page, server.users.user, '/sessions');
    const revocations = countRevocations(page);
    await waitForRows(page, 3);
    await sessionRows(page).first().getByText('This session').waitFor();

    // The most recent one of the others is first.
    await endButtons(page).first().dblclick();
    await undoButtons(page).waitFor();
    expect(await sessionRows(page).count()).toBe(3);
    expect(revocations()).toBe(0);
    await page.clock.fastForward(UNDO_MS);
    await page.getByText('Session ended.').waitFor();
    await waitForRows(page, 2);
    expect(revocations()).toBe(1);
    expect(await undoButtons(page).count()).toBe(0);

    await waitForLoginPage(third);
    expect(currentPath(other)).toBe('/');
    await other.context().close();
    await third.context().close();
  });

  test('Undo: nothing is sent', async ({ page, browser, server }) => {
    await page.clock.install();
    const other = await otherSession(browser, server);
    await signIn(page, server.users.user, '/sessions');
    const revocations = countRevocations(page);
    await endButtons(page).click();
    await eventually(() => focused(page)).toMatch(/^Undo: /);
    await undoButtons(page).click();
    await page.getByText('Undone. Nothing was changed.').waitFor();
    await page.clock.fastForward(2 * UNDO_MS);
    await endButtons(page).waitFor();
    expect(revocations()).toBe(0);
    expect(currentPath(other)).toBe('/');
    await other.context().close();
  });

  test('leaving the page ends what is waiting', async ({ page, browser, server }) => {
    await page.clock.install();
    const other = await otherSession(browser, server);
    await signIn(page, server.users.user, '/sessions');
    await endButtons(page).click();
    await undoButtons(page).waitFor();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByText('Session ended.').waitFor();
    await waitForLoginPage(other);
    await other.context().close();
  });

  test('the current session is marked, and ending it is a sign-out', async ({ page, server }) => {
    await signIn(page, server.users.user, '/sessions');
    await sessionRows(page).filter({ hasText: 'This session' }).getByRole('button', { name: 'Sign out: this session' }).click();
    const { search } = await waitForLoginPage(page);
    expect(search).toBe('');
  });

  test('a failure is reported even if another action is pending, and the focus is not lost', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(/^Failed to load resource: .*503/);
    await page.clock.install();
    const others = [await otherSession(browser, server), await otherSession(browser, server), await otherSession(browser, server)];
    await signIn(page, server.users.user);
    let failFirst = () => {};
    const secondEnded = new Promise<void>((resolve) => (failFirst = resolve));
    let calls = 0;
    await page.route(/\/trpc\/sessions\.revoke$/, async (route) => {
      calls += 1;
      if (calls > 1) return route.continue();
      await secondEnded;
      await route.fulfill({ status: 503, contentType: 'application/json', body: storageUnavailable });
    });
    await page.getByRole('link', { name: 'Sessions' }).click();
    await waitForRows(page, 4);
    await endButtons(page).nth(0).click();
    await endButtons(page).nth(0).click();
    await eventually(() => undoButtons(page).count()).toBe(2);
    await page.clock.fastForward(UNDO_MS);
    await page.getByText('Session ended.').waitFor();
    await waitForRows(page, 2);
    // The focus moves to the next row.
    await eventually(() => focused(page)).toMatch(/^Select |^End session/);
    failFirst();
    await page.getByText('The session could not be ended').waitFor();
    await waitForRows(page, 3);

    await endAllOthers(page);
    await page.getByText('2 sessions ended. You’re still signed in here.').waitFor();
    await waitForRows(page, 1);
    await eventually(() => focused(page)).toBe('You’re signed in on these devices');
    await Promise.all(others.map((other) => other.context().close()));
  });
});

test('60 sessions: pages of 25, search and sort by the server, and the state is in the URL', async ({ page, server }) => {
  await signIn(page, server.users.user);
  server.sql(ADD_SESSIONS);
  await page.goto('/sessions');
  await waitForRows(page, 25);
  const card = sessionsCard(page);
  await card.getByText('Page 1 of 3').waitFor();
  await card.getByRole('button', { name: 'Next page' }).click();
  await card.getByText('Page 2 of 3').waitFor();
  expect(currentPath(page)).toBe('/sessions?page=2');
  await card.getByRole('button', { name: 'Next page' }).click();
  await waitForRows(page, 11);
  await card.getByRole('button', { name: 'Previous page' }).click();
  await card.getByText('Page 2 of 3').waitFor();

  await card.getByLabel('Search by address, browser or system').fill('203.0 firefox');
  await waitForRows(page, 5);
  expect(await sessionRows(page).getByText('Firefox on Linux', { exact: true }).count()).toBe(5);
  expect(currentPath(page)).toBe('/sessions?q=203.0+firefox');
  await card.getByRole('button', { name: 'Clear search' }).click();
  await card.getByText('Page 1 of 3').waitFor();

  const lastActive = card.getByRole('columnheader', { name: 'Last active' });
  expect(await lastActive.getAttribute('aria-sort')).toBe('descending');
  await lastActive.getByRole('button').click();
  await eventually(() => sessionRows(page).first().textContent()).toContain('2 days ago');
  expect(await lastActive.getAttribute('aria-sort')).toBe('ascending');
  expect(currentPath(page)).toBe('/sessions?sort=lastActivity');
  await page.reload();
  await eventually(() => sessionRows(page).first().textContent()).toContain('2 days ago');
});

describe('ending many sessions', () => {
  test('the selected ones: asks first, and says how many', async ({ page, server }) => {
    await signIn(page, server.users.user);
    server.sql(ADD_SESSIONS);
    await page.goto('/sessions');
    await waitForRows(page, 25);
    const boxes = sessionsCard(page).getByRole('checkbox', { name: /^Select (Firefox|Safari)/ });
    // The current session has none.
    expect(await boxes.count()).toBe(24);
    for (const index of [0, 1, 2]) {
      // oxlint-disable-next-line no-await-in-loop -- in sequence
      await boxes.nth(index).check();
    }
    const bar = page.getByRole('group', { name: '3 selected' });
    await bar.getByRole('button', { name: 'End 3 sessions' }).click();
    const question = page.getByRole('dialog', { name: 'End 3 sessions?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect(await boxes.count()).toBe(24);
    await bar.getByRole('button', { name: 'End 3 sessions' }).click();
    await question.getByRole('button', { name: 'End 3 sessions' }).click();
    await page.getByText('3 sessions ended.').waitFor();
    await sessionsCard(page).getByText('58 entries').waitFor();
    await bar.waitFor({ state: 'detached' });
  });

  test('security 9: if the password is no longer fresh, a dialog asks for it, and the action continues', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED);
    const other = await otherSession(browser, server);
    await signIn(page, server.users.user, '/sessions');
    server.sql(EXPIRE_FRESHNESS);
    await page.reload();

    await endAllOthers(page);
    await dialog(page).waitFor();
    await eventually(() => dialogField(page).evaluate((field) => field === document.activeElement)).toBe(true);

    await dialogField(page).fill('not this one');
    await continueButton(page).click();
    await dialog(page).getByText('Incorrect password.').waitFor();
    await eventually(() => dialogField(page).inputValue()).toBe('');

    await dialogField(page).fill(server.users.user.password);
    await continueButton(page).click();
    await page.getByText('1 session ended. You’re still signed in here.').waitFor();
    await eventually(() => dialog(page).count()).toBe(0);
    await waitForRows(page, 1);
    await other.context().close();
  });

  test('if the password is no longer fresh, ending one session asks for it at once, and Escape cancels without an error', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED);
    const other = await otherSession(browser, server);
    await signIn(page, server.users.user, '/sessions');
    server.sql(EXPIRE_FRESHNESS);
    await page.reload();
    await endButtons(page).click();
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await eventually(() => endButtons(page).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await undoButtons(page).count()).toBe(0);
    await page.reload();
    await waitForRows(page, 2);
    await other.context().close();
  });

  test('a password dialog that fails to load does not affect the page, and works at the next attempt', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(REFUSED, /ERR_FAILED/, /dynamically imported module/);
    const other = await otherSession(browser, server);
    await signIn(page, server.users.user, '/sessions');
    server.sql(EXPIRE_FRESHNESS);
    await page.reload();
    await page.route('**/assets/password-dialog*', (route) => route.abort());
    await endAllOthers(page);
    await page.getByText('The password dialog could not be loaded.').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sessions');
    await page.unroute('**/assets/password-dialog*');
    await endAllOthers(page);
    await dialog(page).waitFor();
    await other.context().close();
  });
});

test('details of a session: its data without values, its events, and a button that ends it', async ({ page, browser, server }) => {
  await page.clock.install();
  const other = await otherSession(browser, server);
  await signIn(page, server.users.user, '/sessions');
  await waitForRows(page, 2);
  const row = sessionRows(page).filter({ has: page.getByRole('button', { name: /^End session/ }) });
  await row.getByRole('rowheader').getByRole('button').click();
  const drawer = page.getByRole('dialog', { name: /^Chrome on Linux, / });
  await drawer.getByText('loginTime').waitFor();
  await drawer.getByText('26 bytes').first().waitFor();
  await drawer.getByText('Ends at the latest').waitFor();
  await drawer.getByRole('listitem').filter({ hasText: 'Signed in' }).waitFor();
  await drawer.getByText('Password', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await eventually(() => focused(page)).toContain('Chrome on Linux');

  await row.getByRole('rowheader').getByRole('button').click();
  await drawer.getByRole('button', { name: /^End session/ }).click();
  await drawer.waitFor({ state: 'detached' });
  await eventually(() => focused(page)).toMatch(/^Undo: /);
  await page.clock.fastForward(UNDO_MS);
  await waitForRows(page, 1);
  await other.context().close();
});
