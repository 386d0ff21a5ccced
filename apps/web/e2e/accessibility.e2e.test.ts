import { AJAX_HEADER, AJAX_HEADER_VALUE, TRPC_PATH } from '@gatehouse/contract';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { expectAccessible } from './support/axe-problems.ts';
import type { GatehouseServer } from './support/gatehouse-server.ts';
import { eventually } from './support/eventually.ts';
import { rowOf } from './support/accounts.ts';
import { ADD_SESSIONS } from './support/own-sessions.ts';
import { identifierField, signIn, signOutButton, submitButton, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

const INTERNAL = JSON.stringify([
  {
    error: {
      message: '',
      code: -32603,
      data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: 'INTERNAL', requestId: 'req_0123456789' },
    },
  },
]);

/** All pages, each opened until it has loaded. */
const PAGES: Record<string, (page: Page, server: GatehouseServer) => Promise<void>> = {
  async 'the login page'(page) {
    await page.goto('/login?reason=SESSION_EXPIRED');
    await heading(page, 'Sign in');
  },
  async 'the login page with errors'(page) {
    await page.goto('/login');
    await submitButton(page).click();
    await page.getByText('Enter your password.').waitFor();
  },
  async 'the dashboard'(page, server) {
    await signIn(page, server.users.user);
    await page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  },
  async 'the profile'(page, server) {
    await signIn(page, server.users.user, '/profile');
    await page.getByLabel('Name', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Enter a name.').waitFor();
  },
  async 'the administration'(page, server) {
    await signIn(page, server.users.admin, '/admin');
    await page.getByRole('img', { name: /^Sign-ins per hour/ }).waitFor();
  },
  async 'the sessions page'(page, server) {
    await signIn(page, server.users.user, '/sessions');
    await page.getByText('This session').waitFor();
    server.sql(ADD_SESSIONS);
    await page.reload();
    await page.getByText('Page 1 of 3').waitFor();
    await page
      .getByRole('checkbox', { name: /^Select Firefox/ })
      .first()
      .check();
  },
  async 'the details of an own session'(page, server) {
    await signIn(page, server.users.user, '/sessions');
    await page.getByRole('rowheader').first().getByRole('button').click();
    await page.getByRole('dialog').getByText('loginTime').waitFor();
  },
  async 'the question before many sessions end'(page, server) {
    await signIn(page, server.users.user, '/sessions');
    await page.getByRole('button', { name: 'End all other sessions' }).click();
    await page.getByRole('dialog').getByText('This session stays').waitFor();
  },
  async 'the strength of a new password'(page, server) {
    await signIn(page, server.users.user, '/profile');
    await page.getByLabel('New password', { exact: true }).fill('qwertyuiop');
    await page.getByText('Very weak').waitFor();
  },
  async 'the password dialog'(page, server) {
    await signIn(page, server.users.admin, '/admin');
    server.sql(`UPDATE gatehouse_session SET data = json_remove(data, '$.authenticatedAt'), version = version + 1`);
    await page.getByRole('button', { name: 'Sign everyone out' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign everyone out' }).click();
    await page.getByRole('dialog', { name: 'Confirm your password' }).waitFor();
  },
  async 'the preferences'(page, server) {
    await signIn(page, server.users.user, '/profile');
    await page.getByRole('button', { name: 'Preferences' }).click();
    await page.getByRole('dialog', { name: 'Preferences' }).waitFor();
  },
  async 'the keyboard shortcuts'(page, server) {
    await signIn(page, server.users.user, '/profile');
    await heading(page, 'Profile');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  },
  async 'the confirmation of a deletion'(page, server) {
    await signIn(page, server.users.admin, '/accounts');
    await rowOf(page, server.users.user).getByRole('link').click();
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('dialog').waitFor();
  },
  async 'the accounts'(page, server) {
    await signIn(page, server.users.admin, '/accounts');
    await page.getByRole('row').nth(2).waitFor();
  },
  async 'an account'(page, server) {
    await signIn(page, server.users.admin, '/accounts');
    await rowOf(page, server.users.user).getByRole('link').click();
    await page.getByRole('button', { name: 'Suspend', exact: true }).waitFor();
    await page.getByRole('region', { name: 'Sessions' }).getByRole('rowheader').or(page.getByText('No active sessions.')).first().waitFor();
  },
  async 'the form of a new user'(page, server) {
    await signIn(page, server.users.admin, '/accounts');
    await page.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('dialog', { name: 'Create a user' }).waitFor();
  },
  async 'all sessions, with one selected'(page, server) {
    // Another session than that of this page.
    await fetch(`${server.address}${TRPC_PATH}/auth.login`, {
      method: 'POST',
      headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE, 'Content-Type': 'application/json' },
      body: JSON.stringify({ identifier: server.users.user.username, password: server.users.user.password }),
    });
    await signIn(page, server.users.admin, '/all-sessions');
    await page
      .getByRole('checkbox', { name: /^Select Demo User/ })
      .first()
      .check();
    await page.getByRole('button', { name: 'End 1 session' }).waitFor();
  },
  async 'the details of a session, for administrators'(page, server) {
    await signIn(page, server.users.admin, '/all-sessions');
    await page.getByRole('button', { name: 'Details of' }).first().click();
    await page.getByRole('heading', { name: 'Stored data' }).waitFor();
  },
  async 'the command palette'(page, server) {
    await signIn(page, server.users.admin, '/profile');
    await heading(page, 'Profile');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands and search' }).fill('demo');
    await page.getByRole('group', { name: 'Users' }).getByRole('option').first().waitFor();
  },
  async 'the audit trail'(page, server) {
    // All filters, with values that can be removed.
    await signIn(page, server.users.admin, '/audit?kind=signed_in&kind=locked&since=2026-01-01T00:00:00Z&actor=nobody');
    await page.getByText('No matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).waitFor();
  },
  async 'the details of an audit entry'(page, server) {
    await signIn(page, server.users.admin, '/audit');
    await page
      .getByRole('rowheader', { name: /^Signed in/ })
      .first()
      .getByRole('button')
      .click();
    await page.getByRole('dialog', { name: 'Signed in' }).waitFor();
  },
  async 'a forbidden page'(page, server) {
    await signIn(page, server.users.user, '/admin');
    await heading(page, 'You don’t have access to this page');
  },
  async 'an error page'(page, server) {
    await signIn(page, server.users.user, '/profile');
    await page.route('**/trpc/**', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: INTERNAL }));
    await page.reload();
    await heading(page, 'This page could not be displayed');
  },
  async 'a missing page'(page) {
    await page.goto('/no-such-page');
    await heading(page, 'Page not found');
  },
};

describe.each(Object.entries(PAGES))('%s', (_name, open) => {
  test('has a title, one main element, no axe violations in light, dark or on a phone, and fits 320 px', async ({
    page,
    server,
    problems,
  }) => {
    // Some of the pages show errors.
    problems.expect(/^Failed to load resource: .*(403|404|500)/, /TRPCClientError/);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await open(page, server);
    await eventually(() => page.title()).toMatch(/^.+ · Gatehouse$/);
    expect(await page.locator('main').count()).toBe(1);
    await expectAccessible(page);
  });
});

describe('keyboard only', () => {
  test('sign in, skip the navigation, open a page, change the name and sign out', async ({ page, server, problems }) => {
    // A call may be pending at sign-out.
    problems.expect(/^Failed to load resource: .*401/);
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.textContent || document.activeElement?.getAttribute('name') || document.activeElement?.id,
      );
    const focusedTag = () => page.evaluate(() => document.activeElement?.tagName);
    /** Presses Tab, at most 20 times, until this element has the focus. */
    const tabTo = async (name: string) => {
      for (let stop = 0; stop < 20; stop += 1) {
        // oxlint-disable-next-line no-await-in-loop -- in sequence
        await page.keyboard.press('Tab');
        // oxlint-disable-next-line no-await-in-loop
        if ((await focused()) === name) return;
      }
      throw new Error(`The Tab key does not reach ${name}.`);
    };

    await page.goto('/');
    await identifierField(page).waitFor();
    await eventually(focused).toBe('identifier');
    await page.keyboard.type(server.users.user.username);
    await tabTo('password');
    await page.keyboard.type(server.users.user.password);
    await page.keyboard.press('Enter');
    await eventually(focused).toMatch(/^Welcome, /);

    await page.reload();
    await heading(page, /^Welcome, /);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    expect(new URL(page.url()).hash).toBe('');

    await page.reload();
    await heading(page, /^Welcome, /);
    await tabTo('Profile');
    await page.keyboard.press('Enter');
    // The link has the same name. The new page is ready once its heading has the focus.
    await eventually(focusedTag).toBe('H1');
    expect(await focused()).toBe('Profile');
    await tabTo('name');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Keyboard Only');
    await page.keyboard.press('Enter');
    await page.getByText('Name saved.').waitFor();
    await page.getByRole('region', { name: 'Your account' }).getByText('Keyboard Only').waitFor();

    await page.reload();
    await heading(page, 'Profile');
    await tabTo('Sign out');
    await page.keyboard.press('Enter');
    await waitForLoginPage(page);
    await eventually(focused).toBe('identifier');
  });
});

describe('light and dark', () => {
  // axe checks only the contrast of text.
  test('borders of fields and checkboxes have a contrast of 3:1 to both sides', async ({ page, server }) => {
    const contrasts = () =>
      page.locator('input:visible:not([type=radio]), select:visible').evaluateAll((fields) => {
        const luminance = (color: string) => {
          const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? [])
            .slice(0, 3)
            .map((part) => Number(part) / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (one: string, other: string) => {
          const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
          return (light + 0.05) / (dark + 0.05);
        };
        const background = (element: Element | null): string => {
          const color = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)';
          return /, 0\)$|^transparent$/.test(color) ? background(element?.parentElement ?? null) : color;
        };
        return fields.map((field) => {
          const border = getComputedStyle(field).borderTopColor;
          return Math.min(contrast(border, background(field)), contrast(border, background(field.parentElement)));
        });
      });
    for (const [path, fields] of [
      ['/login', 2],
      ['/profile', 1],
      ['/audit', 2],
    ] as const) {
      // oxlint-disable no-await-in-loop -- in sequence
      if (path === '/profile') await signIn(page, server.users.admin);
      await page.goto(path);
      await page.locator('input:visible').first().waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await eventually(() => page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe(colorScheme);
        await eventually(async () => Math.min(...(await contrasts()))).toBeGreaterThanOrEqual(3);
        expect((await contrasts()).length).toBeGreaterThanOrEqual(fields);
      }
      // oxlint-enable no-await-in-loop
    }
  });

  test('the chosen colour scheme is saved, and applied before the first paint', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('/login');
    await page.getByText('Dark', { exact: true }).click();
    const scheme = () => page.evaluate(() => document.documentElement.dataset['mantineColorScheme']);
    await eventually(scheme).toBe('dark');
    // Block the app, to check that index.html applies it.
    await page.route('**/assets/*.js', () => {});
    await page.goto('/login', { waitUntil: 'commit' });
    await eventually(scheme).toBe('dark');
  });
});

test('security 7: every signed-in page has a sign-out button', async ({ page, server }) => {
  await signIn(page, server.users.admin);
  const links = page.getByRole('navigation').getByRole('link');
  const names = await links.allTextContents();
  expect(names).toContain('Audit');
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- in sequence
    await links.getByText(name, { exact: true }).click();
    // The previous page had the button as well. The new page is ready once its title is set.
    // oxlint-disable-next-line no-await-in-loop
    await eventually(() => page.title()).toMatch(new RegExp(`^${name}`));
    // oxlint-disable-next-line no-await-in-loop
    expect(await signOutButton(page).isVisible()).toBe(true);
  }
});

test('long names without spaces do not cause horizontal scrolling', async ({ page, server, problems }) => {
  // A call of the user's page may be pending when the administrator signs in.
  problems.expect(/^Failed to load resource: .*401/);
  const { user, admin } = server.users;
  server.sql(
    `UPDATE gatehouse_user SET name = '${'Wolfe'.repeat(15)}', email = '${'blaine'.repeat(9)}@example.org' WHERE username = '${user.username}'`,
  );
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, user);
  await page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  expect(await width()).toBeLessThanOrEqual(320);

  await signIn(page, admin, '/accounts');
  await rowOf(page, user).getByRole('link').click();
  await heading(page, /^Wolfe/);
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await width()).toBeLessThanOrEqual(320);
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'All users' }).click();
  const table = page.getByRole('table', { name: 'Users' });
  await eventually(() => table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});
