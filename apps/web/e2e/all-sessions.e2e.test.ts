import type { Browser, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { rowOf } from './support/accounts.ts';
import { eventually } from './support/eventually.ts';
import type { Credentials } from './support/gatehouse-server.ts';
import { currentPath, signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0';
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0';

/** A page of another browser, in which the user is signed in. */
async function otherBrowser(browser: Browser, baseURL: string, user: Credentials, userAgent: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, userAgent });
  const page = await context.newPage();
  await signIn(page, user);
  return page;
}

const rows = (page: Page) => page.getByRole('rowheader').allInnerTexts();

describe('the sessions of all users', () => {
  test('an unknown session is found by its browser, its details hide secrets, and it is ended at once', async ({
    page,
    browser,
    server,
  }) => {
    const { user, admin } = server.users;
    const other = await otherBrowser(browser, server.address, user, FIREFOX);
    server.sql(`UPDATE gatehouse_session SET data = json_set(data, '$.cart', json('{"items":3}'), '$.apiToken', 'hush-hush'), version = version + 1
      WHERE user_agent LIKE '%Firefox%'`);
    await signIn(page, admin, '/all-sessions');
    await eventually(async () => (await rows(page)).length).toBe(2);
    await page.getByRole('textbox', { name: 'Browser or system' }).fill('windows fire');
    await eventually(async () => (await rows(page)).length).toBe(1);
    await page.getByLabel('Age', { exact: true }).selectOption('Signed in within 24 hours');
    await eventually(() => currentPath(page)).toBe('/all-sessions?browser=windows+fire&age=lastDay');
    await page.reload();
    expect(await page.getByRole('textbox', { name: 'Browser or system' }).inputValue()).toBe('windows fire');

    await page.getByRole('row').getByRole('button', { name: 'Details of' }).click();
    const details = page.getByRole('dialog', { name: /^Session of / });
    await eventually(() => details.getByRole('listitem').filter({ hasText: 'cart' }).innerText()).toContain('"items": 3');
    expect(await details.getByRole('listitem').filter({ hasText: 'apiToken' }).innerText()).toContain('Hidden');
    expect(await page.content()).not.toContain('hush-hush');
    await details.getByRole('button', { name: 'End session' }).click();
    const question = page.getByRole('dialog', { name: 'End this session?' });
    await question.getByText('Firefox on Windows').waitFor();
    await question.getByRole('button', { name: 'End session' }).click();
    await page.getByText('Session ended.').waitFor();
    await page.getByText('Nothing fits the search and the filters.').waitFor();
    expect((await waitForLoginPage(other)).searchParams.get('reason')).toBe('SESSION_ENDED');
    await other.context().close();
  });

  test('what is typed while the page still changes stays', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/all-sessions');
    await eventually(async () => (await rows(page)).length).toBeGreaterThan(0);
    let isHeld = true;
    const held: Array<() => void> = [];
    await page.route('**/trpc/**admin.sessions.list**', async (route) => {
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    const field = page.getByRole('textbox', { name: 'Browser or system' });
    await field.pressSequentially('c');
    await eventually(() => Promise.resolve(held.length)).toBeGreaterThan(0);
    await field.pressSequentially('hrome');
    isHeld = false;
    for (const release of held) release();
    await eventually(() => currentPath(page)).toBe('/all-sessions?browser=chrome');
    expect(await field.inputValue()).toBe('chrome');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  test('several are ended after one question; one’s own session cannot be', async ({ page, browser, server }) => {
    const { user, admin } = server.users;
    const others = [await otherBrowser(browser, server.address, user, FIREFOX), await otherBrowser(browser, server.address, user, EDGE)];
    await signIn(page, admin, '/all-sessions');
    const own = page.getByRole('row').filter({ hasText: 'This session' });
    await own.waitFor();
    expect(await own.getByRole('button', { name: /^End/ }).count()).toBe(0);
    expect(await own.getByRole('checkbox').count()).toBe(0);
    await page.getByRole('searchbox').fill('user 127.0');
    await eventually(async () => (await rows(page)).length).toBe(2);
    await page.getByRole('columnheader').getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('button', { name: 'End 2 sessions' }).click();
    await page.getByRole('dialog', { name: 'End 2 sessions?' }).getByRole('button', { name: 'End 2 sessions' }).click();
    await page.getByText('2 sessions ended.').waitFor();
    await Promise.all(others.map(waitForLoginPage));
    await Promise.all(others.map((other) => other.context().close()));
  });

  test('the page of a user leads to the sessions of this user only, and back to all', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/accounts');
    await rowOf(page, server.users.admin).getByRole('link').click();
    await page.getByRole('link', { name: 'Show in all sessions' }).click();
    await page.getByText(/^Only sessions of /).waitFor();
    expect(currentPath(page)).toMatch(/^\/all-sessions\?user=/);
    await page.getByRole('button', { name: 'Show all users' }).click();
    await eventually(() => currentPath(page)).toBe('/all-sessions');
  });
});
