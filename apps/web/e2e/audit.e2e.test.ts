import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { rowOf } from './support/accounts.ts';
import { eventually } from './support/eventually.ts';
import { signIn, currentPath } from './support/sign-in.ts';
import { test } from './support/test.ts';

const trail = (page: Page) => page.getByRole('region', { name: 'Audit trail' });
const entries = (page: Page) => trail(page).getByRole('listitem');
const summary = (page: Page) => trail(page).getByRole('status').first().textContent();

describe('security 36: the audit trail', () => {
  test('shows actor, action and account; a filter has a URL and is in the history', async ({ page, server }) => {
    const { user, admin } = server.users;
    server.sql(`UPDATE gatehouse_user SET name = '<b>Ada</b>' WHERE username = '${user.username}'`);
    await signIn(page, admin, '/accounts');
    await rowOf(page, user).getByRole('link').click();
    await page.getByRole('button', { name: 'Make administrator' }).click();
    await page.getByRole('button', { name: 'Remove administrator role' }).click();
    await page.getByRole('button', { name: 'Make administrator' }).waitFor();

    await page.getByRole('link', { name: 'Audit' }).click();
    await eventually(() => entries(page).first().textContent()).toMatch(
      new RegExp(`^Role changed.*<b>Ada</b> \\(${user.username}\\) · by .* \\(${admin.username}\\)From Administrator to User`),
    );
    await page.getByLabel('Event').selectOption('Signed in');
    await page.getByLabel('User name or e-mail').fill('no-such-account');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByText('No account has this user name or e-mail address.').waitFor();
    await page.getByLabel('User name or e-mail').fill(user.username.toUpperCase());
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await eventually(() => summary(page)).toBe('No “Signed in” entries for <b>Ada</b>.');
    expect(currentPath(page)).toMatch(/^\/audit\?user=[\w-]+&kind=signed_in$/);

    await page.getByLabel('Event').selectOption('Role changed');
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await eventually(() => entries(page).count()).toBe(2);
    await page.reload();
    await eventually(() => entries(page).count()).toBe(2);
    await eventually(() => page.getByLabel('User name or e-mail').inputValue()).toBe(user.username);
    await page.goBack();
    await eventually(() => summary(page)).toMatch(/^No “Signed in” entries/);
    await eventually(() => page.getByLabel('Event').inputValue()).toBe('signed_in');
    await page.getByRole('link', { name: 'Clear filter' }).click();
    await eventually(() => summary(page)).toBe('All entries within the retention period.');
    expect(currentPath(page)).toBe('/audit');
  });

  test('has pages and shows entries of deleted accounts; on a phone, its navigation link is scrolled into view', async ({
    page,
    server,
  }) => {
    server.sql(`
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 60)
      INSERT INTO gatehouse_activity (activity_id, user_id, kind, happened_at, actor_kind, reason, user_agent)
      SELECT 'old' || n, 'a-deleted-account', 'session_expired', n * 1000, 'system', 'expired', '<img src=x>' FROM number`);
    await page.setViewportSize({ width: 320, height: 640 });
    await signIn(page, server.users.admin, '/audit?user=a-deleted-account');
    await eventually(() => entries(page).count()).toBe(50);
    expect(await entries(page).first().textContent()).toMatch(/Account a-delete \(deleted\) · by GatehouseReason: expiredUnknown program$/);
    await trail(page).getByRole('button', { name: 'Show more' }).click();
    await eventually(() => entries(page).count()).toBe(60);
    expect(await trail(page).getByRole('button', { name: 'Show more' }).count()).toBe(0);

    const link = page.getByRole('navigation').getByRole('link', { name: 'Audit' });
    await eventually(() => link.evaluate((element) => element.getBoundingClientRect().right)).toBeLessThanOrEqual(320);
  });

  test('does not claim that an unknown account was deleted', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/audit?user=no-such-id&kind=signed_in');
    await eventually(() => summary(page)).toBe(
      'No account has the ID no-such-id, and there are no “Signed in” entries for a deleted account with this ID.',
    );
  });

  test('of an account is on its page, and shows an unlocked sign-in', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/accounts');
    await rowOf(page, server.users.user).getByRole('link').click();
    await page.getByRole('button', { name: 'Unlock sign-in' }).click();
    await page.getByText(/^Sign-in was unlocked for .*\.$/).waitFor();
    await eventually(() => entries(page).first().textContent()).toMatch(/^Sign-in unlocked.*by .*admin/i);
    await trail(page).getByRole('link', { name: 'Show all' }).click();
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    expect(currentPath(page)).toMatch(/^\/audit\?user=/);
  });
});
