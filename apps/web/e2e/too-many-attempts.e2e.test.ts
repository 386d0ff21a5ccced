import { expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { identifierField, passwordField, sendSignIn, signOutButton, submitButton } from './support/sign-in.ts';
import { test } from './support/test.ts';

/** As if so much had failed already that the next wait ends in so many seconds. */
const slowDown = (seconds: number): string => {
  const until = Date.now() + seconds * 1000;
  return `UPDATE gatehouse_limit SET failures = 40, blocked_until = ${until}, expires_at = ${until + 86_400_000}`;
};

test('too many attempts: the form counts down to the next, keeps what was typed, and then lets one in', async ({
  page,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*(401|429)/);
  const { username, password } = server.people.user;
  await page.goto('/login');
  await sendSignIn(page, { username, password: 'not this one' });
  const alert = page.getByRole('alert');
  await eventually(() => alert.textContent()).toBe('The user name or password is not right.');
  server.sql(slowDown(100));

  await passwordField(page).fill(password);
  await submitButton(page).click();
  await eventually(() => alert.textContent()).toMatch(/^Too many attempts\. Try again in \d+ seconds\.$/);
  await eventually(() => alert.evaluate((element) => element === document.activeElement)).toBe(true);
  // It goes on by itself, and is not read out every second.
  const secondsLeft = async () => Number(/in (\d+) seconds/.exec((await page.getByRole('timer').textContent()) ?? '')?.[1]);
  const first = await secondsLeft();
  expect(first).toBeLessThanOrEqual(100);
  await eventually(secondsLeft).toBeLessThan(first);
  expect(await identifierField(page).inputValue()).toBe(username);
  expect(await passwordField(page).inputValue()).toBe(password);

  server.sql(slowDown(0));
  await submitButton(page).click();
  await signOutButton(page).waitFor();
});
