import { expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { identifierField, passwordField, signIn, signOutButton, submitButton, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';
import type { Page } from 'playwright-core';

const nameField = (page: Page) => page.getByRole('form', { name: 'Your name' }).getByLabel('Name', { exact: true });
const offer = (page: Page) => page.getByRole('group', { name: 'Restore what you typed?' });

async function sendForm(page: Page, { username, password }: { username: string; password: string }): Promise<void> {
  await identifierField(page).fill(username);
  await passwordField(page).fill(password);
  await submitButton(page).click();
}

test('what was typed survives the end of the session, is offered to the same user only, and holds no password', async ({
  page,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*401/);
  await signIn(page, server.users.user, '/profile');
  await nameField(page).fill('Half a name');
  await page.getByLabel('New e-mail address').fill('half@example.org');
  await page.getByRole('form', { name: 'Your e-mail address' }).getByLabel('Current password').fill('not for storage');
  await eventually(() => page.evaluate(() => JSON.stringify(sessionStorage))).toContain('half@example.org');
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('not for storage');
  server.sql('DELETE FROM gatehouse_session');
  // The open page notices the end by itself, and no confirmation dialog blocks it.
  expect((await waitForLoginPage(page)).searchParams.get('next')).toBe('/profile');

  await sendForm(page, server.users.admin);
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await nameField(page).waitFor();
  expect(await offer(page).count()).toBe(0);
  server.sql('DELETE FROM gatehouse_session');
  await waitForLoginPage(page);

  await sendForm(page, server.users.user);
  await offer(page).first().waitFor();
  expect(await nameField(page).inputValue()).not.toBe('Half a name');
  await page.getByRole('form', { name: 'Your name' }).getByRole('button', { name: 'Restore' }).click();
  expect(await nameField(page).inputValue()).toBe('Half a name');
  await page.getByRole('form', { name: 'Your e-mail address' }).getByRole('button', { name: 'Discard' }).click();
  await offer(page).waitFor({ state: 'detached' });
  expect(await page.getByLabel('New e-mail address').inputValue()).toBe('');

  // A sign-out by the user deletes the drafts.
  await signOutButton(page).click();
  await waitForLoginPage(page);
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('gatehouse-draft')))).toEqual([]);
});

test('a page with unsaved changes asks before it is left, for links, Back and a reload; a saved one does not', async ({ page, server }) => {
  await signIn(page, server.users.user, '/');
  await page.getByRole('link', { name: 'Profile' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  const before = await nameField(page).inputValue();
  await nameField(page).fill('Not saved yet');
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await page.getByRole('link', { name: 'Sessions' }).first().click();
  await question.getByRole('button', { name: 'Stay on this page' }).click();
  await question.waitFor({ state: 'detached' });
  expect(await nameField(page).inputValue()).toBe('Not saved yet');
  await page.goBack();
  await question.waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/profile');

  const asked = page.waitForEvent('dialog');
  const reload = page.reload({ waitUntil: 'commit' });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await reload;
  await page.getByRole('form', { name: 'Your name' }).getByRole('button', { name: 'Restore' }).click();

  await page.getByRole('link', { name: 'Sessions' }).first().click();
  await question.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
  await page.getByRole('link', { name: 'Profile' }).first().click();
  await nameField(page).waitFor();
  expect(await offer(page).count()).toBe(0);
  expect(await nameField(page).inputValue()).toBe(before);

  await nameField(page).fill('Saved now');
  await page.getByRole('form', { name: 'Your name' }).getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Name saved.').waitFor();
  await page.getByRole('link', { name: 'Sessions' }).first().click();
  await page.waitForURL('**/sessions');
});

test('what was typed for a new user survives the end of the session', async ({ page, server, problems }) => {
  problems.expect(/^Failed to load resource: .*401/);
  await signIn(page, server.users.admin, '/accounts');
  const open = () => page.getByRole('button', { name: 'Create user' }).click();
  const form = page.getByRole('dialog', { name: 'Create a user' });
  await open();
  await form.getByLabel('Name', { exact: true }).fill('Grace Hopper');
  await eventually(() => page.evaluate(() => JSON.stringify(sessionStorage))).toContain('Grace Hopper');
  server.sql('DELETE FROM gatehouse_session');
  await waitForLoginPage(page);
  await sendForm(page, server.users.admin);
  await open();
  await form.getByRole('button', { name: 'Restore' }).click();
  expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Grace Hopper');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await open();
  await form.getByLabel('Name', { exact: true }).waitFor();
  expect(await offer(page).count()).toBe(0);
});
