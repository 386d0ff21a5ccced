import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { addUser, rowOf } from './support/accounts.ts';
import { signIn, untilLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

describe('administration', () => {
  test('an account is found, suspended, which signs it out, and let in again', async ({ page, browser, server }) => {
    const elsewhere = await browser.newContext({ baseURL: server.address });
    const theirs = await elsewhere.newPage();
    await signIn(theirs, server.people.user);

    await signIn(page, server.people.admin, '/accounts');
    await page.getByLabel('User name or e-mail').fill('no-such-account');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('There is no account of this name or address.').waitFor();
    await page.getByLabel('User name or e-mail').fill(server.people.user.username.toUpperCase());
    await page.getByRole('button', { name: 'Find' }).click();

    const sessions = page.getByRole('region', { name: 'Sessions' });
    await eventually(() => sessions.getByRole('listitem').count()).toBe(1);
    await page.getByRole('button', { name: 'Suspend and end all sessions' }).click();
    await page.getByText(/is suspended\. 1 session ended\.$/).waitFor();
    await eventually(() => sessions.textContent()).toContain('No active sessions.');
    await theirs.reload();
    await untilLoginPage(theirs);

    await page.getByRole('button', { name: 'Reactivate' }).click();
    await page.getByRole('button', { name: 'Suspend and end all sessions' }).waitFor();
    await signIn(theirs, server.people.user);
    await elsewhere.close();
  });

  test('a role changes, and shows in the list', async ({ page, server }) => {
    await signIn(page, server.people.admin, '/accounts');
    const row = rowOf(page, server.people.user);
    await eventually(() => row.textContent()).toMatch(/User\s*Active/);
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Make an administrator' }).click();
    await page.getByRole('button', { name: 'Make a user' }).waitFor();
    await page.getByRole('link', { name: 'All accounts' }).click();
    await eventually(() => row.textContent()).toContain('Administrator');
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Make a user' }).click();
    await page.getByRole('button', { name: 'Make an administrator' }).waitFor();
  });

  test('an account is deleted after a question, is in the list no more, and does not come back on Back', async ({
    page,
    server,
    problems,
  }) => {
    problems.expect(/^Failed to load resource: .*404/);
    addUser(server, { id: 'short-lived', username: 'shorty', name: 'Short Lived' });
    await signIn(page, server.people.admin, '/accounts/short-lived');
    await page.getByRole('button', { name: 'Delete the account' }).waitFor();
    await page.getByRole('link', { name: 'All accounts' }).click();
    await rowOf(page, { username: 'shorty' }).getByRole('link').click();
    await page.getByRole('button', { name: 'Delete the account' }).click();
    await page.getByRole('dialog', { name: 'Delete Short Lived?' }).getByRole('button', { name: 'Delete permanently' }).click();
    await page.getByText('Short Lived is deleted. 0 sessions ended.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    await eventually(() => rowOf(page, { username: 'shorty' }).count()).toBe(0);
    // Past the list that was before it, to the first visit of its page.
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    await page.goBack();
    await page.getByText('There is no such account. It may have been deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete the account' }).count()).toBe(0);
  });

  test('an account that another administrator deleted is shown no more once the server says so', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*404/);
    addUser(server, { id: 'elsewhere', username: 'elsewhere', name: 'Else Where' });
    await signIn(page, server.people.admin, '/accounts/elsewhere');
    await page.getByRole('button', { name: 'Make an administrator' }).waitFor();
    server.sql(`DELETE FROM gatehouse_user WHERE user_id = 'elsewhere'`);
    await page.getByRole('button', { name: 'Unlock sign-in' }).click();
    await page.getByText('Sign-in was not unlocked').waitFor();
    await page.getByText('There is no such account. It may have been deleted.').waitFor();
    expect(await page.getByRole('button', { name: 'Make an administrator' }).count()).toBe(0);
  });

  test('nobody changes their own role, and the page says why', async ({ page, server }) => {
    await signIn(page, server.people.admin, '/accounts');
    await rowOf(page, server.people.admin).getByRole('link').click();
    await page.getByText('another administrator can change its role').waitFor();
    expect(await page.getByRole('button', { name: /Make a/ }).count()).toBe(0);
  });

  test('signing everyone out asks first, and ends one’s own session too', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*401/);
    await signIn(page, server.people.admin, '/admin');
    await page.getByRole('button', { name: 'Sign everyone out' }).click();
    const question = page.getByRole('dialog', { name: 'Sign everyone out?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Sign everyone out' }).click();
    await question.getByRole('button', { name: 'Sign everyone out' }).click();
    await untilLoginPage(page);
  });
});
