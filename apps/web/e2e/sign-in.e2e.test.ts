import type { Locator } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import {
  identifierField,
  passwordField,
  sendSignIn,
  signIn,
  signOutButton,
  submitButton,
  waitForLoginPage,
  currentPath,
} from './support/sign-in.ts';
import { test } from './support/test.ts';

describe('signing in', () => {
  test('the right password opens the dashboard, which shows the user and the session', async ({ page, server }) => {
    await page.goto('/');
    await sendSignIn(page, server.users.user);
    await signOutButton(page).waitFor();
    expect(currentPath(page)).toBe('/');
    const session = page.getByRole('region', { name: 'This session' });
    await eventually(() => session.textContent()).toMatch(/Expires in 14 days.*Signed injust now.*ses_/);
    await eventually(() => page.getByRole('region', { name: 'Your account' }).textContent()).toContain(server.users.user.username);
    await eventually(() => page.getByRole('region', { name: 'Recent activity' }).textContent()).toMatch(/Signed in.*Chrome on Linux/);
  });

  test('a wrong password shows a focused error, keeps the user name, and is not a sign-out', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*401/);
    await page.goto('/login?next=%2Fprofile');
    await sendSignIn(page, { ...server.users.user, password: 'not this one' });
    const alert = page.getByRole('alert');
    await eventually(() => alert.textContent()).toBe('Incorrect user name or password.');
    await eventually(() => alert.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await identifierField(page).inputValue()).toBe(server.users.user.username);
    await eventually(() => passwordField(page).inputValue()).toBe('');
    expect(currentPath(page)).toBe('/login?next=%2Fprofile');

    await passwordField(page).fill(server.users.user.password);
    await submitButton(page).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  });

  test('an unknown user gets the same error as a wrong password', async ({ page, problems }) => {
    problems.expect(/^Failed to load resource: .*401/);
    await page.goto('/login');
    await sendSignIn(page, { username: 'nobody-of-this-name', password: 'whatever it is' });
    await eventually(() => page.getByRole('alert').textContent()).toBe('Incorrect user name or password.');
  });

  test('an empty form shows an error at each field and focuses the first one', async ({ page }) => {
    await page.goto('/login');
    await submitButton(page).click();
    await page.getByText('Enter your user name or e-mail address.').waitFor();
    await page.getByText('Enter your password.').waitFor();
    expect(await identifierField(page).evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await identifierField(page).getAttribute('aria-invalid')).toBe('true');
  });

  test('the focused field has a visible focus ring, even with an error (WCAG 2.2, 2.4.7)', async ({ page }) => {
    const hasRing = (field: Locator) =>
      field.evaluate((input) => getComputedStyle(input.closest('.mantine-Input-input') ?? input).outlineStyle === 'solid');
    await page.goto('/login');
    await submitButton(page).click();
    await page.getByText('Enter your password.').waitFor();
    await eventually(() => hasRing(identifierField(page))).toBe(true);
    expect(await hasRing(passwordField(page))).toBe(false);
    await passwordField(page).focus();
    expect(await hasRing(passwordField(page))).toBe(true);
    expect(await hasRing(identifierField(page))).toBe(false);
  });

  test('the fields work with password managers, and the form uses POST without JavaScript', async ({ page }) => {
    await page.goto('/login');
    expect(await identifierField(page).getAttribute('autocomplete')).toBe('username');
    expect(await passwordField(page).getAttribute('autocomplete')).toBe('current-password');
    expect(await passwordField(page).getAttribute('type')).toBe('password');
    expect(await page.locator('form').getAttribute('method')).toBe('post');
  });

  test('a password can be pasted, and shown to check it', async ({ page, context, server }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/login');
    await page.evaluate((text) => navigator.clipboard.writeText(text), server.users.user.password);
    await passwordField(page).focus();
    await page.keyboard.press('Control+V');
    await eventually(() => passwordField(page).inputValue()).toBe(server.users.user.password);
    await page.getByRole('button', { name: 'Show password' }).click();
    await eventually(() => passwordField(page).getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Show password', pressed: true }).click();
    await eventually(() => passwordField(page).getAttribute('type')).toBe('password');
  });

  test('Caps Lock shows a warning while the user types the password', async ({ page }) => {
    await page.goto('/login');
    await passwordField(page).focus();
    const key = (modifierCapsLock: boolean) => passwordField(page).dispatchEvent('keydown', { key: 'A', modifierCapsLock });
    await key(true);
    await page.getByText('Caps Lock is on.').waitFor();
    await key(false);
    await page.getByText('Caps Lock is on.').waitFor({ state: 'detached' });
  });

  test('"stay signed in" decides whether the cookie outlives the browser', async ({ page, context, server, problems }) => {
    // A call may be pending at sign-out.
    problems.expect(/^Failed to load resource: .*401/);
    const sessionCookie = async () => (await context.cookies()).find(({ name }) => name === 'gatehouse.sid');
    await page.goto('/login');
    expect(await page.getByLabel('Stay signed in').isChecked()).toBe(false);
    await sendSignIn(page, server.users.user);
    await signOutButton(page).waitFor();
    expect(await sessionCookie()).toMatchObject({ expires: -1, httpOnly: true, sameSite: 'Lax' });
    await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('sooner if you close the browser');

    await signOutButton(page).click();
    await waitForLoginPage(page);
    await page.getByLabel('Stay signed in').check();
    await sendSignIn(page, server.users.user);
    await signOutButton(page).waitFor();
    expect((await sessionCookie())?.expires).toBeGreaterThan(Date.now() / 1000);
  });

  test('local and session storage contain no data about the user', async ({ page, server }) => {
    await signIn(page, server.users.user, '/profile');
    const stored = await page.evaluate(() =>
      [localStorage, sessionStorage]
        .flatMap((storage) => Object.entries(storage))
        .flat()
        .join('\n'),
    );
    for (const secret of [server.users.user.username, server.users.user.password, 'ses_', '@']) expect(stored).not.toContain(secret);
  });
});

describe('the URL of the login page', () => {
  test('signed-in users are redirected', async ({ page, server }) => {
    await signIn(page, server.users.user);
    await page.goto('/login?next=%2Fprofile%3Ftab%3D1');
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    expect(currentPath(page)).toBe('/profile?tab=1');
  });

  test('a "next" that is not a path on this origin redirects to the home page', async ({ page, server }) => {
    await signIn(page, server.users.user);
    for (const next of ['//evil.example/', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '/login?next=/login']) {
      // oxlint-disable-next-line no-await-in-loop -- in sequence
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      // oxlint-disable-next-line no-await-in-loop
      await signOutButton(page).waitFor();
      expect(page.url()).toBe(`${server.address}/`);
    }
  });

  test('a known reason is explained; an unknown reason is not shown', async ({ page }) => {
    await page.goto('/login?reason=SESSION_ENDED');
    await page.getByText('Your session has ended. Sign in again.').waitFor();
    await page.goto('/login?reason=Call+this+number');
    await waitForLoginPage(page);
    expect(await page.textContent('main')).not.toContain('Call');
  });
});
