import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { addUser, rowOf } from './support/accounts.ts';
import { signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

describe('administration', () => {
  test('an account is found, suspended (which ends its sessions), and reactivated', async ({ page, browser, server }) => {
    const otherBrowser = await browser.newContext({ baseURL: server.address });
    const otherPage = await otherBrowser.newPage();
    await signIn(otherPage, server.users.user);

    await signIn(page, server.users.admin, '/accounts');
    await page.getByLabel('User name or e-mail').fill('no-such-account');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('No account has this user name or e-mail address.').waitFor();
    await page.getByLabel('User name or e-mail').fill(server.users.user.username.toUpperCase());
    await page.getByRole('button', { name: 'Find' }).click();

    const sessions = page.getByRole('region', { name: 'Sessions' });
    await eventually(() => sessions.getByRole('listitem').count()).toBe(1);
    await page.getByRole('button', { name: 'Suspend and end all sessions' }).click();
    await page.getByText(/was suspended\. 1 session ended\.$/).waitFor();
    await eventually(() => sessions.textContent()).toContain('No active sessions.');
    await otherPage.reload();
    await waitForLoginPage(otherPage);

    await page.getByRole('button', { name: 'Reactivate' }).click();
    await page.getByRole('button', { name: 'Suspend and end all sessions' }).waitFor();
    await signIn(otherPage, server.users.user);
    await otherBrowser.close();
  });

  test('a changed role appears in the list', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/accounts');
    const row = rowOf(page, server.users.user);
    await eventually(() => row.textContent()).toMatch(/User\s*Active/);
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Make administrator' }).click();
    await page.getByRole('button', { name: 'Remove administrator role' }).waitFor();
    await page.getByRole('link', { name: 'All accounts' }).click();
    await eventually(() => row.textContent()).toContain('Administrator');
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Remove administrator role' }).click();
    await page.getByRole('button', { name: 'Make administrator' }).waitFor();
  });

  test('an account is deleted after a confirmation, and does not reappear in the list or on Back', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*404/);
    addUser(server, { id: 'short-lived', username: 'shorty', name: 'Short Lived' });
    await signIn(page, server.users.admin, '/accounts/short-lived');
    await page.getByRole('button', { name: 'Delete account' }).waitFor();
    await page.getByRole('link', { name: 'All accounts' }).click();
    await rowOf(page, { username: 'shorty' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('dialog', { name: 'Delete Short Lived?' }).getByRole('button', { name: 'Delete permanently' }).click();
    await page.getByText('Short Lived was deleted. 0 sessions ended.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    await eventually(() => rowOf(page, { username: 'shorty' }).count()).toBe(0);
    // Back over the list, to the first visit of the account's page.
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    await page.goBack();
    await page.getByText('Account not found. It may have been deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete account' }).count()).toBe(0);
  });

  test('an account that another administrator deleted disappears after the next call', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*404/);
    addUser(server, { id: 'elsewhere', username: 'elsewhere', name: 'Else Where' });
    await signIn(page, server.users.admin, '/accounts/elsewhere');
    await page.getByRole('button', { name: 'Make administrator' }).waitFor();
    server.sql(`DELETE FROM gatehouse_user WHERE user_id = 'elsewhere'`);
    await page.getByRole('button', { name: 'Unlock sign-in' }).click();
    await page.getByText('Sign-in could not be unlocked').waitFor();
    await page.getByText('Account not found. It may have been deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Make administrator' }).count()).toBe(0);
  });

  test('administrators cannot change their own role, and the page says why', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/accounts');
    await rowOf(page, server.users.admin).getByRole('link').click();
    await page.getByText('Ask another administrator to change its role').waitFor();
    expect(await page.getByRole('button', { name: /administrator/ }).count()).toBe(0);
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
});
