import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { rowOf } from './support/accounts.ts';
import { eventually } from './support/eventually.ts';
import { signIn, whereabouts } from './support/sign-in.ts';
import { test } from './support/test.ts';

const trail = (page: Page) => page.getByRole('region', { name: 'What happened' });
const entries = (page: Page) => trail(page).getByRole('listitem');
const shown = (page: Page) => trail(page).getByRole('status').first().textContent();

describe('security 36: the audit trail', () => {
  test('says who did what to whom; a filter has an address, which can be gone back to', async ({ page, server }) => {
    const { user, admin } = server.people;
    server.sql(`UPDATE gatehouse_user SET name = '<b>Ada</b>' WHERE username = '${user.username}'`);
    await signIn(page, admin, '/accounts');
    await rowOf(page, user).getByRole('link').click();
    await page.getByRole('button', { name: 'Make an administrator' }).click();
    await page.getByRole('button', { name: 'Make a user' }).click();
    await page.getByRole('button', { name: 'Make an administrator' }).waitFor();

    await page.getByRole('link', { name: 'Audit' }).click();
    await eventually(() => entries(page).first().textContent()).toMatch(
      new RegExp(`^Role changed.*<b>Ada</b> \\(${user.username}\\) · by .* \\(${admin.username}\\)From Administrator to User`),
    );
    await page.getByLabel('Kind').selectOption('Signed in');
    await page.getByLabel('User name or e-mail').fill('no-such-account');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('There is no account of this name or address.').waitFor();
    await page.getByLabel('User name or e-mail').fill(user.username.toUpperCase());
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await eventually(() => shown(page)).toBe('There is no entry for “Signed in” of <b>Ada</b>.');
    expect(whereabouts(page)).toMatch(/^\/audit\?user=[\w-]+&kind=signed_in$/);

    await page.getByLabel('Kind').selectOption('Role changed');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await eventually(() => entries(page).count()).toBe(2);
    await page.reload();
    await eventually(() => entries(page).count()).toBe(2);
    await eventually(() => page.getByLabel('User name or e-mail').inputValue()).toBe(user.username);
    await page.goBack();
    await eventually(() => shown(page)).toMatch(/^There is no entry/);
    await eventually(() => page.getByLabel('Kind').inputValue()).toBe('signed_in');
    await page.getByRole('link', { name: 'Show everything' }).click();
    await eventually(() => shown(page)).toBe('Everything, as far back as it is kept.');
    expect(whereabouts(page)).toBe('/audit');
  });

  test('comes a page at a time, and of a deleted account has what is left; on a phone its place in the navigation shows', async ({
    page,
    server,
  }) => {
    server.sql(`
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 60)
      INSERT INTO gatehouse_activity (activity_id, user_id, kind, happened_at, actor_kind, reason, user_agent)
      SELECT 'old' || n, 'a-deleted-account', 'session_expired', n * 1000, 'system', 'expired', '<img src=x>' FROM number`);
    await page.setViewportSize({ width: 320, height: 640 });
    await signIn(page, server.people.admin, '/audit?user=a-deleted-account');
    await eventually(() => entries(page).count()).toBe(50);
    expect(await entries(page).first().textContent()).toMatch(
      /Account a-delete \(deleted\) · by Gatehouse itselfWhy: it expiredAnother program$/,
    );
    await trail(page).getByRole('button', { name: 'Show more' }).click();
    await eventually(() => entries(page).count()).toBe(60);
    expect(await trail(page).getByRole('button', { name: 'Show more' }).count()).toBe(0);

    const link = page.getByRole('navigation').getByRole('link', { name: 'Audit' });
    await eventually(() => link.evaluate((element) => element.getBoundingClientRect().right)).toBeLessThanOrEqual(320);
  });

  test('does not call an account deleted that never existed', async ({ page, server }) => {
    await signIn(page, server.people.admin, '/audit?user=no-such-id&kind=signed_in');
    await eventually(() => shown(page)).toBe('There is no account with the id no-such-id, and no entry for “Signed in” of a deleted one.');
  });

  test('of one account is on its page, where an administrator unlocks sign-in', async ({ page, server }) => {
    await signIn(page, server.people.admin, '/accounts');
    await rowOf(page, server.people.user).getByRole('link').click();
    await page.getByRole('button', { name: 'Unlock sign-in' }).click();
    await page.getByText(/^Failed sign-ins no longer slow .* down\.$/).waitFor();
    await eventually(() => entries(page).first().textContent()).toMatch(/^Sign-in unlocked.*by .*admin/i);
    await trail(page).getByRole('link', { name: 'Show all' }).click();
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    expect(whereabouts(page)).toMatch(/^\/audit\?user=/);
  });
});
