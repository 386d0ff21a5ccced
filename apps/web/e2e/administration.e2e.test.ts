import { AJAX_HEADER, AJAX_HEADER_VALUE, TRPC_PATH } from '@gatehouse/contract';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { addUser, rowOf } from './support/accounts.ts';
import { currentPath, signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';
import { withoutStream } from './support/without-stream.ts';

/** Clicks a button, and then the button of the question that follows. */
async function actAndConfirm(page: Page, button: string, question: string | RegExp, confirm = button): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('dialog', { name: question }).getByRole('button', { name: confirm, exact: true }).click();
}

const searchField = (page: Page) => page.getByRole('searchbox', { name: 'Search by name, user name or e-mail' });

describe('users', () => {
  test('a user is found by the beginning of a word, suspended (which ends the sessions at once), and reactivated', async ({
    page,
    browser,
    server,
  }) => {
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    const otherPage = await otherBrowser.newPage();
    await signIn(otherPage, server.users.user);

    await signIn(page, server.users.admin, '/accounts');
    await searchField(page).fill('no-such-account');
    await page.getByText('Nothing fits the search and the filters.').waitFor();
    await searchField(page).fill(server.users.user.username.slice(0, 3).toUpperCase());
    await rowOf(page, server.users.user).getByRole('link').click();

    const sessions = page.getByRole('region', { name: 'Sessions' });
    await eventually(() => sessions.getByRole('rowheader').count()).toBe(1);
    await actAndConfirm(page, 'Suspend', /^Suspend /);
    await page.getByText(/was suspended\. 1 session ended\.$/).waitFor();
    await sessions.getByText('No active sessions.').waitFor();
    await waitForLoginPage(otherPage);

    await actAndConfirm(page, 'Reactivate', /^Reactivate /);
    await page.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
    await signIn(otherPage, server.users.user);
    await otherBrowser.close();
  });

  test('search, filters and order are in the URL', async ({ page, server }) => {
    const { user, admin } = server.users;
    await signIn(page, admin, '/accounts');
    await rowOf(page, user).waitFor();
    await page.getByLabel('Role').selectOption('Administrator');
    await rowOf(page, user).waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Signed in now' }).check();
    await page.getByRole('button', { name: 'Last sign-in' }).click();
    await searchField(page).fill(admin.username);
    await eventually(() => currentPath(page)).toBe(`/accounts?role=admin&signedIn=now&sort=-lastSignIn&q=${admin.username}`);
    await page.reload();
    await rowOf(page, admin).waitFor();
    expect(await searchField(page).inputValue()).toBe(admin.username);
    expect(await page.getByRole('columnheader', { name: 'Last sign-in' }).getAttribute('aria-sort')).toBe('descending');
    expect(await page.getByRole('rowheader').count()).toBe(1);
  });

  test('a new user signs in with the temporary password, which is shown once, and is edited', async ({
    page,
    browser,
    server,
    problems,
  }) => {
    problems.expect(/^Failed to load resource: .*400/);
    await signIn(page, server.users.admin, '/accounts');
    await page.getByRole('button', { name: 'Create user' }).click();
    const form = page.getByRole('dialog', { name: 'Create a user' });
    await form.getByLabel('Name', { exact: true }).fill('Grace Hopper');
    await form.getByLabel('User name').fill(server.users.user.username);
    await form.getByLabel('E-mail').fill('grace@example.org');
    await form.getByRole('button', { name: 'Create user' }).click();
    await form.getByText('This user name is taken.').waitFor();
    await form.getByLabel('User name').fill('grace');
    await form.getByRole('button', { name: 'Create user' }).click();

    const created = page.getByRole('dialog', { name: 'Grace Hopper was created' });
    const password = (await created.getByLabel('Temporary password').textContent()) ?? '';
    expect(password.length).toBeGreaterThan(12);
    await created.getByRole('button', { name: 'Done' }).click();
    await created.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(password);

    const otherBrowser = await browser.newContext({ baseURL: server.address });
    const otherPage = await otherBrowser.newPage();
    await signIn(otherPage, { username: 'grace', password });

    await rowOf(page, { username: 'grace' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const edit = page.getByRole('dialog', { name: 'Edit Grace Hopper' });
    await edit.getByLabel('Name', { exact: true }).fill('Rear Admiral Hopper');
    await edit.getByLabel('Role').selectOption('Administrator');
    await edit.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Rear Admiral Hopper' }).waitFor();
    // At once in the user's own session.
    await otherPage.getByRole('link', { name: 'All sessions' }).waitFor();

    await actAndConfirm(page, 'Set temporary password', /^Set a temporary password for /);
    const set = page.getByRole('dialog', { name: 'Temporary password for Rear Admiral Hopper' });
    expect(await set.getByLabel('Temporary password').textContent()).not.toBe(password);
    await set.getByText('1 session ended.').waitFor();
    await waitForLoginPage(otherPage);
    await set.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('link', { name: 'All users' }).click();
    await eventually(() => rowOf(page, { username: 'grace' }).textContent()).toMatch(/^Rear Admiral Hopper.*Administrator/);
    await otherBrowser.close();
  });

  test('several users are suspended after one question, but never oneself', async ({ page, server }) => {
    addUser(server, { id: 'bulk-1', username: 'bulk-one', name: 'Bulk One' });
    addUser(server, { id: 'bulk-2', username: 'bulk-two', name: 'Bulk Two' });
    await signIn(page, server.users.admin, '/accounts');
    expect(await rowOf(page, server.users.admin).getByRole('checkbox').count()).toBe(0);
    await searchField(page).fill('bulk');
    await eventually(() => page.getByRole('rowheader').allTextContents()).toEqual(['Bulk One', 'Bulk Two']);
    await page.getByRole('columnheader').getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('group', { name: '2 selected' }).getByRole('button', { name: 'Suspend' }).click();
    const dialog = page.getByRole('dialog', { name: 'Suspend 2 users?' });
    await dialog.getByText('Concerned: Bulk One and Bulk Two.').waitFor();
    await dialog.getByRole('button', { name: 'Suspend 2 users' }).click();
    await page.getByText('2 users were suspended. 0 sessions ended.').waitFor();
    await eventually(() => page.getByRole('cell', { name: 'Suspended' }).count()).toBe(2);
    expect(await page.getByRole('group', { name: '2 selected' }).count()).toBe(0);
  });

  test('sign-in can be unlocked only where it is locked', async ({ page, server }) => {
    addUser(server, { id: 'guessed', username: 'guessed', name: 'Guessed Often' });
    await signIn(page, server.users.admin, '/accounts/guessed');
    await page.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Unlock sign-in' }).count()).toBe(0);
    let status = 0;
    for (let attempt = 0; attempt < 30 && status !== 429; attempt += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in sequence
      const response = await fetch(`${server.address}${TRPC_PATH}/auth.login`, {
        method: 'POST',
        headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE, 'Content-Type': 'application/json' },
        body: JSON.stringify({ identifier: 'guessed', password: 'wrong-guess' }),
      });
      ({ status } = response);
    }
    expect(status).toBe(429);
    await page.reload();
    await actAndConfirm(page, 'Unlock sign-in', /^Unlock sign-in for /);
    await page.getByText('Sign-in was unlocked for Guessed Often.').waitFor();
    await page.getByRole('button', { name: 'Unlock sign-in' }).waitFor({ state: 'detached' });
  });

  test('an account is deleted after a confirmation, and does not reappear in the list or on Back', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*404/);
    addUser(server, { id: 'short-lived', username: 'shorty', name: 'Short Lived' });
    await signIn(page, server.users.admin, '/accounts/short-lived');
    await page.getByRole('button', { name: 'Delete account' }).waitFor();
    await page.getByRole('link', { name: 'All users' }).click();
    await rowOf(page, { username: 'shorty' }).getByRole('link').click();
    await actAndConfirm(page, 'Delete account', 'Delete Short Lived?', 'Delete permanently');
    await page.getByText('Short Lived was deleted. 0 sessions ended.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await eventually(() => rowOf(page, { username: 'shorty' }).count()).toBe(0);
    // Back over the list, to the first visit of the account's page.
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await page.goBack();
    await page.getByText('Account not found. It may have been deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete account' }).count()).toBe(0);
  });

  test('an account that another administrator deleted disappears after the next call', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*404/);
    await withoutStream(page, problems);
    addUser(server, { id: 'elsewhere', username: 'elsewhere', name: 'Else Where' });
    await signIn(page, server.users.admin, '/accounts/elsewhere');
    await page.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
    server.sql(`DELETE FROM gatehouse_user WHERE user_id = 'elsewhere'`);
    await actAndConfirm(page, 'Suspend', 'Suspend Else Where?');
    await page.getByText('The account could not be suspended').waitFor();
    await page.getByText('Account not found. It may have been deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Suspend' }).count()).toBe(0);
  });

  test('administrators cannot change their own role, and the page says why', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/accounts');
    await rowOf(page, server.users.admin).getByRole('link').click();
    await page.getByText('Ask another administrator to change its role').waitFor();
    expect(await page.getByRole('button', { name: /Suspend|Delete|password/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    expect(await page.getByRole('dialog').getByLabel('Role').isDisabled()).toBe(true);
  });
});

test('signing everyone out requires confirmation, and ends one’s own session as well', async ({ page, server, problems }) => {
  problems.expect(/^Failed to load resource: .*401/);
  await signIn(page, server.users.admin, '/admin');
  await page.getByRole('button', { name: 'Sign everyone out' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign everyone out?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Sign everyone out' }).click();
  await dialog.getByRole('button', { name: 'Sign everyone out' }).click();
  await waitForLoginPage(page);
});
