import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import type { GatehouseServer } from './support/gatehouse-server.ts';
import { signIn, currentPath } from './support/sign-in.ts';
import { test } from './support/test.ts';

const trail = (page: Page) => page.getByRole('region', { name: 'Audit trail' });
/** The cells with the names of the events. */
const entries = (page: Page) => trail(page).getByRole('rowheader');
const row = (page: Page, text: string | RegExp) => trail(page).getByRole('row').filter({ hasText: text });
const filters = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly username?: string;
  readonly ip?: string;
}

function addEntry({ sql }: GatehouseServer, { id, kind, at, username, ip = '192.0.2.1' }: Entry): void {
  const user = username === undefined ? 'NULL' : `(SELECT user_id FROM gatehouse_user WHERE username = '${username}')`;
  sql(`INSERT INTO gatehouse_activity (activity_id, user_id, kind, happened_at, actor_kind, ip, handle)
    VALUES ('${id}', ${user}, '${kind}', ${at}, 'visitor', '${ip}', 'ses_${id}')`);
}

/** Yesterday at this hour, in local time. */
function yesterday(hour: number): number {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1, hour).getTime();
}

describe('security 36: the audit trail', () => {
  test('one click on the overview shows last night’s failed sign-ins; filters have a URL, an export and a history', async ({
    page,
    server,
  }) => {
    const { user, admin } = server.users;
    addEntry(server, { id: 'night', kind: 'sign_in_failed', at: yesterday(21), username: user.username });
    addEntry(server, { id: 'night2', kind: 'locked', at: yesterday(22), username: user.username });
    addEntry(server, { id: 'noon', kind: 'sign_in_failed', at: yesterday(12), username: user.username });
    await signIn(page, admin, '/admin');
    await page.getByRole('link', { name: 'Failed sign-ins of last night' }).click();
    await eventually(() => entries(page).count()).toBe(1);
    expect(await row(page, 'Sign-in failed').textContent()).toMatch(/Suspicious.*\(demo\).*Not signed in.*192\.0\.2\.1/);
    expect(filters(page)).toEqual({ kind: 'sign_in_failed', period: 'night' });

    await page.getByRole('combobox', { name: 'Events' }).click();
    await page.getByRole('option', { name: /^Sign-in throttled/ }).click();
    await eventually(() => entries(page).count()).toBe(2);
    const link = await trail(page).getByRole('link', { name: 'CSV' }).getAttribute('href');
    expect(link).toMatch(/^\/admin\/audit\.csv\?since=.*&until=.*&kinds=sign_in_failed%2Clocked$/);
    expect(await trail(page).getByRole('link', { name: 'JSON Lines' }).getAttribute('href')).toBe(link?.replace('.csv?', '.jsonl?'));
    const csv = await (await page.request.get(link ?? '')).text();
    const exported = csv.trim().split('\n').slice(1);
    expect(exported.map((line) => /\b(?:sign_in_failed|locked)\b/.exec(line)?.[0])).toEqual(['locked', 'sign_in_failed']);

    await page.goBack();
    await eventually(() => entries(page).count()).toBe(1);
    await page.reload();
    await eventually(() => entries(page).count()).toBe(1);
    await page.getByLabel('Period').selectOption('Last hour');
    await trail(page).getByText('No matches').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row(page, /^Signed in/)
      .first()
      .waitFor();
    expect(currentPath(page)).toBe('/audit');
  });

  test('entries are found by user, address and own times, and an entry leads to its user and session', async ({ page, server }) => {
    const { user, admin } = server.users;
    server.sql(`UPDATE gatehouse_user SET name = '<b>Ada</b>' WHERE username = '${user.username}'`);
    addEntry(server, { id: 'early', kind: 'suspended', at: Date.UTC(2020, 0, 1), username: user.username, ip: '2001:db8::7' });
    await signIn(page, admin, '/audit');
    const field = page.getByRole('combobox', { name: 'User' });
    await field.fill(user.username);
    await page.getByRole('option', { name: `<b>Ada</b> (${user.username})` }).click();
    await eventually(() => Object.keys(filters(page))).toEqual(['user']);
    await page.reload();
    await eventually(() => field.inputValue()).toBe(`<b>Ada</b> (${user.username})`);

    await page.getByLabel('Period').selectOption('Own range');
    await page.getByLabel('Until').fill('2020-06-01T12:00');
    await page.getByLabel('Until').press('Enter');
    await eventually(() => entries(page).count()).toBe(1);
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Address').fill('192.0.2.200');
    await trail(page).getByText('No matches').waitFor();
    await page.getByLabel('Address').fill('2001:db8::7');
    await entries(page).getByRole('button').click();

    const drawer = page.getByRole('dialog', { name: 'Account suspended' });
    await drawer.getByRole('link', { name: 'All entries of this session' }).click();
    await drawer.waitFor({ state: 'detached' });
    await eventually(() => filters(page)).toEqual({ session: 'ses_early' });
    await eventually(() => entries(page).count()).toBe(1);
    await entries(page).getByRole('button').click();
    await drawer.getByRole('link', { name: '<b>Ada</b>' }).click();
    await page.getByRole('heading', { level: 1, name: '<b>Ada</b>' }).waitFor();
    await eventually(() => trail(page).getByRole('listitem').last().textContent()).toMatch(/^Account suspendedImportant/);
    await trail(page).getByRole('link', { name: 'Show all' }).click();
    await eventually(() => Object.keys(filters(page))).toEqual(['user']);
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
    expect(await row(page, 'Session expired').first().textContent()).toMatch(/Account a-delete \(deleted\).*Reason: expired$/);
    await trail(page).getByRole('button', { name: 'Next page' }).click();
    await eventually(() => entries(page).count()).toBe(10);
    await page.goBack();
    await eventually(() => entries(page).count()).toBe(50);

    const link = page.getByRole('navigation').getByRole('link', { name: 'Audit' });
    await eventually(() => link.evaluate((element) => element.getBoundingClientRect().right)).toBeLessThanOrEqual(320);
  });
});

describe('the overview', () => {
  const tile = (page: Page, name: string) => page.locator('dl > div').filter({ hasText: name });

  test('updates by itself, and each chart has a table with the same figures', async ({ page, context, server }) => {
    const { user, admin } = server.users;
    await signIn(page, admin, '/admin');
    const failures = async () => Number(/\d+/.exec((await tile(page, 'Failed sign-ins').textContent()) ?? '')?.[0]);
    await tile(page, 'Failed sign-ins').waitFor();
    const before = await failures();
    const refused = await context.request.post('/trpc/auth.login', {
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
      data: { identifier: user.username, password: 'not-the-password', remember: false },
    });
    expect(refused.status()).toBe(401);
    await eventually(failures).toBe(before + 1);

    await page.getByRole('img', { name: /^Sign-ins per hour, last 24 hours: / }).waitFor();
    await page.getByRole('radio', { name: 'Table' }).check();
    const table = page.getByRole('table', { name: 'Sign-ins per hour, last 24 hours' });
    await eventually(() => table.getByRole('row').count()).toBe(25);
    const failedColumn = await table.getByRole('row').locator('td:nth-of-type(2)').allTextContents();
    expect(failedColumn.reduce((sum, count) => sum + Number(count), 0)).toBe(before + 1);
    await page.getByRole('radio', { name: '30 days' }).check();
    await eventually(() =>
      page
        .getByRole('table', { name: /^Sign-ins per day/ })
        .getByRole('row')
        .count(),
    ).toBe(31);
  });

  test('shows the other figures if some cannot be read', async ({ page, server }) => {
    await page.route('**/trpc/**admin.stats**', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/"signIns":\{.*?"isComplete":\w+\}/, '"signIns":null');
      await route.fulfill({ response, body });
    });
    await signIn(page, server.users.admin, '/admin');
    await page
      .getByRole('region', { name: 'Sign-ins' })
      .getByText(/could not be read just now/)
      .waitFor();
    expect(await tile(page, 'Failed sign-ins').textContent()).toContain('Unknown');
    await page.getByRole('table', { name: 'Active sessions by browser' }).getByText('Chrome').waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });
});
