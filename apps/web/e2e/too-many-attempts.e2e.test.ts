import { expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { identifierField, passwordField, sendSignIn, signOutButton, submitButton } from './support/sign-in.ts';
import { test } from './support/test.ts';

/** SQL that blocks sign-in for this number of seconds. */
const blockFor = (seconds: number): string => {
  const until = Date.now() + seconds * 1000;
  return `UPDATE gatehouse_limit SET failures = 40, blocked_until = ${until}, expires_at = ${until + 86_400_000}`;
};

test('too many attempts: the form shows a countdown, keeps its input, and then signs in', async ({ page, server, problems }) => {
  problems.expect(/^Failed to load resource: .*(401|429)/);
  const { username, password } = server.users.user;
  await page.goto('/login');
  await sendSignIn(page, { username, password: 'not this one' });
  const alert = page.getByRole('alert');
  await eventually(() => alert.textContent()).toBe('Incorrect user name or password.');
  server.sql(blockFor(100));

  await passwordField(page).fill(password);
  await submitButton(page).click();
  await eventually(() => alert.textContent()).toMatch(/^Too many attempts\. Try again in \d+ seconds\.$/);
  await eventually(() => alert.evaluate((element) => element === document.activeElement)).toBe(true);
  // The countdown is a timer, so screen readers do not announce every second.
  const secondsLeft = async () => Number(/in (\d+) seconds/.exec((await page.getByRole('timer').textContent()) ?? '')?.[1]);
  const first = await secondsLeft();
  expect(first).toBeLessThanOrEqual(100);
  await eventually(secondsLeft).toBeLessThan(first);
  expect(await identifierField(page).inputValue()).toBe(username);
  expect(await passwordField(page).inputValue()).toBe(password);

  server.sql(blockFor(0));
  await submitButton(page).click();
  await signOutButton(page).waitFor();
});
