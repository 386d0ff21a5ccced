import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import type { GatehouseServer } from './support/gatehouse-server.ts';
import { eventually } from './support/eventually.ts';
import { rowOf } from './support/accounts.ts';
import { identifierField, signIn, signOutButton, submitButton, untilLoginPage } from './support/sign-in.ts';
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

/** Every page there is, each as it stands when it has loaded. */
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
    await signIn(page, server.people.user);
    await page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  },
  async 'the profile'(page, server) {
    await signIn(page, server.people.user, '/profile');
    await page.getByLabel('Name', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Enter a name.').waitFor();
  },
  async 'the administration'(page, server) {
    await signIn(page, server.people.admin, '/admin');
    await page.getByText('Live sessions').waitFor();
  },
  async 'my sessions'(page, server) {
    await signIn(page, server.people.user, '/sessions');
    await page.getByText('This session').waitFor();
  },
  async 'the password asked for again'(page, server) {
    await signIn(page, server.people.admin, '/admin');
    server.sql(`UPDATE gatehouse_session SET data = json_remove(data, '$.authenticatedAt'), version = version + 1`);
    await page.getByRole('button', { name: 'Sign everyone out' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign everyone out' }).click();
    await page.getByRole('dialog', { name: 'Enter your password again' }).waitFor();
  },
  async 'the accounts'(page, server) {
    await signIn(page, server.people.admin, '/accounts');
    await page.getByRole('row').nth(2).waitFor();
  },
  async 'an account'(page, server) {
    await signIn(page, server.people.admin, '/accounts');
    await rowOf(page, server.people.user).getByRole('link').click();
    await page.getByRole('button', { name: 'Make an administrator' }).waitFor();
  },
  async 'the audit trail'(page, server) {
    await signIn(page, server.people.admin, '/audit');
    await page.getByRole('region', { name: 'What happened' }).getByRole('listitem').first().waitFor();
  },
  async 'a page that is not for this account'(page, server) {
    await signIn(page, server.people.user, '/admin');
    await heading(page, 'Your account may not see this page');
  },
  async 'a page that could not be shown'(page, server) {
    await signIn(page, server.people.user, '/profile');
    await page.route('**/trpc/**', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: INTERNAL }));
    await page.reload();
    await heading(page, 'This page could not be shown');
  },
  async 'a page that is not there'(page) {
    await page.goto('/no-such-page');
    await heading(page, 'There is no page at this address');
  },
};

describe.each(Object.entries(PAGES))('%s', (_name, open) => {
  test('has a title of its own, one main part, nothing that axe finds in light or dark, and fits a phone', async ({
    page,
    server,
    problems,
  }) => {
    // One of them is about a failure.
    problems.expect(/^Failed to load resource: .*(403|500)/, /TRPCClientError/);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await open(page, server);
    await eventually(() => page.title()).toMatch(/^.+ · Gatehouse$/);
    expect(await page.locator('main').count()).toBe(1);
    expect(await problemsFor(page, 'light')).toEqual([]);
    expect(await problemsFor(page, 'dark')).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});

async function problemsFor(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await eventually(() => page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe(colorScheme);
  // Legacy means: in the page itself. The other mode opens a page more, for frames, of which there are none.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}

describe('with the keyboard alone', () => {
  test('one signs in, skips the navigation, goes to a page, changes a name and signs out', async ({ page, server, problems }) => {
    // A call may be on its way when it signs out.
    problems.expect(/^Failed to load resource: .*401/);
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.textContent || document.activeElement?.getAttribute('name') || document.activeElement?.id,
      );
    const focusedTag = () => page.evaluate(() => document.activeElement?.tagName);
    /** Tab until the focus is where it should be; a person would give up after twenty. */
    const tabTo = async (name: string) => {
      for (let stop = 0; stop < 20; stop += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one key after the other
        await page.keyboard.press('Tab');
        // oxlint-disable-next-line no-await-in-loop
        if ((await focused()) === name) return;
      }
      throw new Error(`The Tab key does not come to ${name}.`);
    };

    await page.goto('/');
    await identifierField(page).waitFor();
    await eventually(focused).toBe('identifier');
    await page.keyboard.type(server.people.user.username);
    await tabTo('password');
    await page.keyboard.type(server.people.user.password);
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
    // The link had that name too: the new page has taken over once its heading has the focus.
    await eventually(focusedTag).toBe('H1');
    expect(await focused()).toBe('Profile');
    await tabTo('name');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Keyboard Only');
    await page.keyboard.press('Enter');
    await page.getByText('Your name is saved.').waitFor();
    await page.getByRole('region', { name: 'Your account' }).getByText('Keyboard Only').waitFor();

    await page.reload();
    await heading(page, 'Profile');
    await tabTo('Sign out');
    await page.keyboard.press('Enter');
    await untilLoginPage(page);
    await eventually(focused).toBe('identifier');
  });
});

describe('light and dark', () => {
  // axe looks at text alone.
  test('the borders of fields and check boxes stand out by 3 : 1 from what is inside and around them', async ({ page, server }) => {
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
      // oxlint-disable no-await-in-loop -- one page after the other
      if (path === '/profile') await signIn(page, server.people.admin);
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

  test('a choice is kept, and stands before the first paint', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('/login');
    await page.getByText('Dark', { exact: true }).click();
    const scheme = () => page.evaluate(() => document.documentElement.dataset['mantineColorScheme']);
    await eventually(scheme).toBe('dark');
    // Read while the page is still being parsed: the app has not run.
    await page.route('**/assets/*.js', () => {});
    await page.goto('/login', { waitUntil: 'commit' });
    await eventually(scheme).toBe('dark');
  });
});

test('security 7: sign-out is in reach on every page behind sign-in', async ({ page, server }) => {
  await signIn(page, server.people.admin);
  const links = page.getByRole('navigation').getByRole('link');
  const names = await links.allTextContents();
  expect(names).toContain('Audit');
  for (const name of names) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    await links.getByText(name, { exact: true }).click();
    // The button was on the page before, too: the new one has taken over once its title stands.
    // oxlint-disable-next-line no-await-in-loop
    await eventually(() => page.title()).toMatch(new RegExp(`^${name}`));
    // oxlint-disable-next-line no-await-in-loop
    expect(await signOutButton(page).isVisible()).toBe(true);
  }
});

test('a name that is one long word keeps a page inside a phone, and a line of the accounts in sight', async ({ page, server }) => {
  const { user, admin } = server.people;
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
  await page.getByRole('button', { name: 'Delete the account' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await width()).toBeLessThanOrEqual(320);
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'All accounts' }).click();
  const table = page.getByRole('region', { name: 'Accounts, a table' });
  await eventually(() => table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});
