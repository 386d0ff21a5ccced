import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { rowOf } from './support/accounts.ts';
import { eventually } from './support/eventually.ts';
import { signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

// The fields are those of the demo: packages/accounts/src/demo-fields.ts.

const form = (page: Page) => page.getByRole('form', { name: 'More about you' });
const save = (page: Page) => form(page).getByRole('button', { name: 'Save changes' });
const account = (page: Page) => page.getByRole('region', { name: 'Your account' });
const isFocused = (page: Page, label: string) =>
  form(page)
    .getByLabel(label)
    .evaluate((input) => input === document.activeElement);

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(', ')}`)).toEqual([]);
}

test('the owner edits their fields: errors are at the fields, and other tabs show what was saved without losing what is typed there', async ({
  page,
  context,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*400/);
  await signIn(page, server.users.user, '/profile');
  const other = await context.newPage();
  await other.goto('/profile');
  await form(other).getByLabel('About').fill('Half a sentence');

  // The browser checks the length, the server the pattern. Nothing is saved while a field is wrong.
  await form(page).getByLabel('Phone').fill('1'.repeat(31));
  await save(page).click();
  await form(page).getByText('Use at most 30 characters.').waitFor();
  await form(page).getByLabel('Phone').fill('ask me');
  await form(page).getByLabel('Department').selectOption('Sales');
  await save(page).click();
  await form(page).getByText('Use digits and spaces, such as +44 20 7946 0018.').waitFor();
  await eventually(() => isFocused(page, 'Phone')).toBe(true);
  await expectAccessible(page);
  expect(await account(page).getByText('Department').count()).toBe(0);

  await form(page).getByLabel('Phone').fill(' +44 20 7946 0018 ');
  await form(page).getByLabel('Weekly summary').check();
  await save(page).click();
  await page.getByText('Saved.').waitFor();
  await account(page).getByText('Sales').waitFor();
  expect(await form(page).getByLabel('Phone').inputValue()).toBe('+44 20 7946 0018');
  await page.getByRole('region', { name: 'Recent activity' }).getByText('Profile changed').waitFor();

  await account(other).getByText('+44 20 7946 0018').waitFor();
  await eventually(() => form(other).getByLabel('Department').inputValue()).toBe('Sales');
  expect(await form(other).getByLabel('About').inputValue()).toBe('Half a sentence');
  await save(other).click();
  await other.getByText('Saved.').waitFor();
  await eventually(() => form(page).getByLabel('About').inputValue()).toBe('Half a sentence');

  await form(page).getByLabel('Department').selectOption('Not chosen');
  await save(page).click();
  await account(page).getByText('Department').waitFor({ state: 'detached' });
  await save(page).click();
  await page.getByText('Nothing was changed.').waitFor();
  await other.close();
});

test('what was typed into own fields is kept over a reload, and the page asks before it is left', async ({ page, server }) => {
  await signIn(page, server.users.user, '/profile');
  await form(page).getByLabel('Phone').fill('12345');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await form(page).getByRole('button', { name: 'Restore' }).click();
  expect(await form(page).getByLabel('Phone').inputValue()).toBe('12345');
  await page.getByRole('link', { name: 'Sessions' }).first().click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
});

test('an administrator also edits the fields that the owner only sees', async ({ page, browser, server }) => {
  const context = await browser.newContext({ baseURL: server.address });
  const owner = await context.newPage();
  await signIn(owner, server.users.user, '/profile');
  await form(owner).waitFor();
  expect(await form(owner).getByLabel('Desk').count()).toBe(0);

  await signIn(page, server.users.admin, '/accounts');
  await rowOf(page, server.users.user).getByRole('link').click();
  await page.getByRole('button', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog', { name: /^Edit / });
  await dialog.getByLabel('Desk').fill('1.5');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await dialog.getByText('Enter a whole number.').waitFor();
  await dialog.getByLabel('Desk').fill('401');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await dialog.getByText('Enter 400 or less.').waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('Desk').fill('12');
  await dialog.getByLabel('With us since').fill('2024-03-01');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await dialog.waitFor({ state: 'detached' });
  const details = page.getByRole('region', { name: 'Account details' });
  await details.getByText('Mar 1, 2024').waitFor();
  await page.getByRole('region', { name: 'Audit trail' }).getByText('Changed: Desk, Since').waitFor();
  // The open page of the owner learns of it.
  await account(owner).getByText('Mar 1, 2024').waitFor();
  await context.close();
});

test('a new user gets fields when the account is created', async ({ page, server }) => {
  await signIn(page, server.users.admin, '/accounts');
  await page.getByRole('button', { name: 'Create user' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a user' });
  await dialog.getByLabel('Name', { exact: true }).fill('Grace Hopper');
  await dialog.getByLabel('User name').fill('grace');
  await dialog.getByLabel('E-mail', { exact: true }).fill('grace@example.org');
  await dialog.getByLabel('Department').selectOption('Workshop');
  await dialog.getByRole('button', { name: 'Create user' }).click();
  await page.getByRole('dialog', { name: 'Grace Hopper was created' }).getByRole('button', { name: 'Done' }).click();
  await rowOf(page, { username: 'grace' }).getByRole('link').click();
  await page.getByRole('region', { name: 'Account details' }).getByText('Workshop').waitFor();
});

test('in German, the messages at the fields are German', async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem('gatehouse-language', 'de'));
  await page.request.post('/trpc/auth.login', {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
    data: { identifier: server.users.user.username, password: server.users.user.password },
  });
  await page.goto('/profile');
  const german = page.getByRole('form', { name: 'Mehr über Sie' });
  await german.getByLabel('Phone').fill('1'.repeat(31));
  await german.getByRole('button', { name: 'Änderungen speichern' }).click();
  await german.getByText('Verwenden Sie höchstens 30 Zeichen.').waitFor();
  await german.getByLabel('Phone').fill('4711');
  await german.getByRole('button', { name: 'Änderungen speichern' }).click();
  await page.getByText('Gespeichert.').waitFor();
  await page.getByRole('region', { name: 'Ihr Konto' }).getByText('4711').waitFor();
});

test('an app whose fields are not editable shows no form for them', async ({ page, server }) => {
  await page.route(/account\.fields/, async (route) => {
    const names = new URL(route.request().url()).pathname.split('/').at(-1)?.split(',') ?? [];
    const response = await route.fetch();
    const answers = (await response.json()) as { result?: { data: unknown } }[];
    const json = answers.map((answer, at) => (names[at] === 'account.fields' ? { result: { data: [] } } : answer));
    await route.fulfill({ response, json });
  });
  await signIn(page, server.users.user, '/profile');
  await page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  await page.getByRole('form', { name: 'Your password' }).waitFor();
  expect(await form(page).count()).toBe(0);
  await page.unrouteAll({ behavior: 'wait' });
});
