import { expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { otherSession } from './support/own-sessions.ts';
import { signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

test('a wrong current password shows an error at its field; the right one changes the password and shows how many sessions ended', async ({
  page,
  browser,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*400/, /^Failed to load resource: .*401/, /^Failed to load resource: .*403/);
  const { username, password } = server.users.user;
  const other = await otherSession(browser, server);
  await signIn(page, { username, password }, '/profile');
  const form = page.getByRole('form', { name: 'Your password' });
  const current = form.getByLabel('Current password', { exact: true });
  const next = form.getByLabel('New password', { exact: true });
  const send = form.getByRole('button', { name: 'Change password' });
  await form.getByText('This ends your 1 other session').waitFor();

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
  await page.getByText('Password changed. 1 other session ended.').waitFor();
  await eventually(() => current.inputValue()).toBe('');
  await form.getByText('You have no other sessions').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await other.context().close();
});

test('the e-mail address changes with the password only, and is a name to sign in with at once', async ({ page, server, problems }) => {
  problems.expect(/^Failed to load resource: .*40[03]/, /^Failed to load resource: .*401/);
  await signIn(page, server.users.admin, '/profile');
  const form = page.getByRole('form', { name: 'Your e-mail address' });
  const email = form.getByLabel('New e-mail address');
  const password = form.getByLabel('Current password', { exact: true });
  const send = form.getByRole('button', { name: 'Change e-mail address' });
  await email.fill('no address');
  await send.click();
  await form.getByText('Enter an e-mail address, such as name@example.com.').waitFor();

  await email.fill('moved@example.org');
  await password.fill('not this one');
  await send.click();
  await form.getByText('Incorrect password.').waitFor();
  await eventually(() => password.inputValue()).toBe('');

  await password.fill(server.users.admin.password);
  await send.click();
  await page.getByText('E-mail address changed to moved@example.org.').waitFor();
  await form.getByText('Your address is moved@example.org.').waitFor();
  await page.getByRole('region', { name: 'Recent activity' }).getByText('E-mail address changed').waitFor();
  await signIn(page, { username: 'moved@example.org', password: server.users.admin.password });
});

test('the strength of a new password is shown while typing, with the reason, and its word lists load only then', async ({
  page,
  server,
}) => {
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await signIn(page, server.users.admin, '/profile');
  const form = page.getByRole('form', { name: 'Your password' });
  await form.getByText(/other session/).waitFor();
  const wordLists = () => loaded.filter((url) => url.includes('password-strength') && url.endsWith('.js')).length;
  expect(wordLists()).toBe(0);

  const meter = form.getByRole('meter', { name: 'Password strength' });
  const next = form.getByLabel('New password', { exact: true });
  await next.fill('qwertyuiop');
  await eventually(() => meter.getAttribute('aria-valuetext')).toBe('Very weak');
  expect(wordLists()).toBe(1);
  await form.getByText('This is one of the hundred most used passwords.').waitFor();
  const address = await page.getByRole('form', { name: 'Your e-mail address' }).getByRole('strong').textContent();
  await next.fill(address ?? '');
  await form.getByText('It contains your name, user name or e-mail address.').waitFor();
  await next.fill('lantern gate 47 mellow otter');
  await eventually(() => meter.getAttribute('aria-valuetext')).toBe('Strong');
});

test('the important events of the account are marked in words', async ({ page, server }) => {
  const failed = await page.request.post('/trpc/auth.login', {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
    data: { identifier: server.users.admin.username, password: 'not this one' },
  });
  expect(failed.status()).toBe(401);
  await signIn(page, server.users.admin, '/profile');
  const events = page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem');
  await events.filter({ hasText: 'Sign-in failed' }).getByText('Was this you?').waitFor();
  expect(await events.filter({ hasText: 'Signed in' }).first().getByText('Was this you?').count()).toBe(0);
});
