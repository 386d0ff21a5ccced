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
  untilLoginPage,
  whereabouts,
} from './support/sign-in.ts';
import { test } from './support/test.ts';

describe('signing in', () => {
  test('the right password opens the dashboard, which says who one is and how long', async ({ page, server }) => {
    await page.goto('/');
    await sendSignIn(page, server.people.user);
    await signOutButton(page).waitFor();
    expect(whereabouts(page)).toBe('/');
    const session = page.getByRole('region', { name: 'This session' });
    await eventually(() => session.textContent()).toMatch(/Expires in 14 days.*Signed injust now.*ses_/);
    await eventually(() => page.getByRole('region', { name: 'Your account' }).textContent()).toContain(server.people.user.username);
    await eventually(() => page.getByRole('region', { name: 'Recent activity' }).textContent()).toMatch(/Signed in.*Chrome on Linux/);
  });

  test('a wrong password is said and focused, keeps who was typed, and is not a sign-out', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*401/);
    await page.goto('/login?next=%2Fprofile');
    await sendSignIn(page, { ...server.people.user, password: 'not this one' });
    const alert = page.getByRole('alert');
    await eventually(() => alert.textContent()).toBe('The user name or password is not right.');
    await eventually(() => alert.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await identifierField(page).inputValue()).toBe(server.people.user.username);
    await eventually(() => passwordField(page).inputValue()).toBe('');
    expect(whereabouts(page)).toBe('/login?next=%2Fprofile');

    await passwordField(page).fill(server.people.user.password);
    await submitButton(page).click();
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  });

  test('an unknown user gets the same answer as a wrong password', async ({ page, problems }) => {
    problems.expect(/^Failed to load resource: .*401/);
    await page.goto('/login');
    await sendSignIn(page, { username: 'nobody-of-this-name', password: 'whatever it is' });
    await eventually(() => page.getByRole('alert').textContent()).toBe('The user name or password is not right.');
  });

  test('an empty form names each field, and the first one takes the focus', async ({ page }) => {
    await page.goto('/login');
    await submitButton(page).click();
    await page.getByText('Enter your user name or e-mail address.').waitFor();
    await page.getByText('Enter your password.').waitFor();
    expect(await identifierField(page).evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await identifierField(page).getAttribute('aria-invalid')).toBe('true');
  });

  test('the focused field shows it, with an error too (WCAG 2.2, 2.4.7)', async ({ page }) => {
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

  test('fields are what password managers look for, and the form is sent by POST if no script runs', async ({ page }) => {
    await page.goto('/login');
    expect(await identifierField(page).getAttribute('autocomplete')).toBe('username');
    expect(await passwordField(page).getAttribute('autocomplete')).toBe('current-password');
    expect(await passwordField(page).getAttribute('type')).toBe('password');
    expect(await page.locator('form').getAttribute('method')).toBe('post');
  });

  test('a password can be pasted, and shown to check it', async ({ page, context, server }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/login');
    await page.evaluate((text) => navigator.clipboard.writeText(text), server.people.user.password);
    await passwordField(page).focus();
    await page.keyboard.press('Control+V');
    await eventually(() => passwordField(page).inputValue()).toBe(server.people.user.password);
    await page.getByRole('button', { name: 'Show password' }).click();
    await eventually(() => passwordField(page).getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Show password', pressed: true }).click();
    await eventually(() => passwordField(page).getAttribute('type')).toBe('password');
  });

  test('Caps Lock is pointed out while the password is typed', async ({ page }) => {
    await page.goto('/login');
    await passwordField(page).focus();
    const key = (modifierCapsLock: boolean) => passwordField(page).dispatchEvent('keydown', { key: 'A', modifierCapsLock });
    await key(true);
    await page.getByText('Caps Lock is on.').waitFor();
    await key(false);
    await page.getByText('Caps Lock is on.').waitFor({ state: 'detached' });
  });

  test('"stay signed in" decides whether the cookie outlives the browser', async ({ page, context, server, problems }) => {
    // A call may be on its way when it signs out.
    problems.expect(/^Failed to load resource: .*401/);
    const sessionCookie = async () => (await context.cookies()).find(({ name }) => name === 'gatehouse.sid');
    await page.goto('/login');
    expect(await page.getByLabel('Stay signed in').isChecked()).toBe(false);
    await sendSignIn(page, server.people.user);
    await signOutButton(page).waitFor();
    expect(await sessionCookie()).toMatchObject({ expires: -1, httpOnly: true, sameSite: 'Lax' });
    await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('sooner if you close the browser');

    await signOutButton(page).click();
    await untilLoginPage(page);
    await page.getByLabel('Stay signed in').check();
    await sendSignIn(page, server.people.user);
    await signOutButton(page).waitFor();
    expect((await sessionCookie())?.expires).toBeGreaterThan(Date.now() / 1000);
  });

  test('neither local nor session storage knows who is signed in', async ({ page, server }) => {
    await signIn(page, server.people.user, '/profile');
    const stored = await page.evaluate(() =>
      [localStorage, sessionStorage]
        .flatMap((storage) => Object.entries(storage))
        .flat()
        .join('\n'),
    );
    for (const secret of [server.people.user.username, server.people.user.password, 'ses_', '@']) expect(stored).not.toContain(secret);
  });
});

describe('the address of the login page', () => {
  test('who is signed in goes on from there', async ({ page, server }) => {
    await signIn(page, server.people.user);
    await page.goto('/login?next=%2Fprofile%3Ftab%3D1');
    await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
    expect(whereabouts(page)).toBe('/profile?tab=1');
  });

  test('a "next" that is no path of this site leads to the start page', async ({ page, server }) => {
    await signIn(page, server.people.user);
    for (const next of ['//evil.example/', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '/login?next=/login']) {
      // oxlint-disable-next-line no-await-in-loop -- one address after the other
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      // oxlint-disable-next-line no-await-in-loop
      await signOutButton(page).waitFor();
      expect(page.url()).toBe(`${server.address}/`);
    }
  });

  test('a reason of the table is explained; another one is not shown', async ({ page }) => {
    await page.goto('/login?reason=SESSION_ENDED');
    await page.getByText('Your session has ended. Sign in again.').waitFor();
    await page.goto('/login?reason=Call+this+number');
    await untilLoginPage(page);
    expect(await page.textContent('main')).not.toContain('Call');
  });
});
