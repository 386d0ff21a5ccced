import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { test } from './support/test.ts';

const html = (page: Page) => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

describe('the language', () => {
  test('is chosen on the sign-in page, is remembered, and reaches errors, pages and their titles', async ({ page, server, problems }) => {
    problems.expect(/^Failed to load resource: .*401/);
    await page.goto('/login');
    await page.getByText('Deutsch', { exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Anmelden' }).waitFor();
    expect(await html(page)).toEqual(['de', 'ltr']);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Anmelden' }).waitFor();
    await eventually(() => page.title()).toBe('Anmelden · Gatehouse');

    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByText('Geben Sie Ihr Passwort ein.').waitFor();
    await page.getByLabel('Benutzername oder E-Mail').fill(server.users.user.username);
    await page.getByLabel('Passwort', { exact: true }).fill('falsch');
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('alert').getByText('Benutzername oder Passwort ist falsch.').waitFor();
    await page.getByLabel('Passwort', { exact: true }).fill(server.users.user.password);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('navigation', { name: 'Hauptmenü' }).getByRole('link', { name: 'Sitzungen' }).waitFor();

    await page.getByRole('button', { name: 'Einstellungen' }).click();
    await page.getByText('English', { exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await html(page)).toEqual(['en', 'ltr']);
  });

  test('is the one of the browser at first', async ({ browser, server }) => {
    const context = await browser.newContext({ baseURL: server.address, locale: 'de-AT' });
    const page = await context.newPage();
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Anmelden' }).waitFor();
    await context.close();
  });

  test('stays if the other one cannot be loaded, and the switch says so', async ({ page, problems }) => {
    problems.expect(/^Failed to load resource/);
    await page.goto('/login');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await page.route(/first-load[^/]*\.js$/, (route) => route.abort());
    await page.getByText('Deutsch', { exact: true }).click();
    await page.getByText('This language could not be loaded.').waitFor();
    expect(await html(page)).toEqual(['en', 'ltr']);
  });
});

test('from right to left, the pages have no axe violations and fit 320 px', async ({ page, server }) => {
  await page.addInitScript(() => localStorage.setItem('gatehouse-language', 'ar-XB'));
  const check = async () => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(', ')}`)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  await page.goto('/login');
  await page.getByRole('heading', { level: 1, name: '⟦Sign in⟧' }).waitFor();
  expect(await html(page)).toEqual(['ar-XB', 'rtl']);
  await check();
  await page.request.post('/trpc/auth.login', {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
    data: { identifier: server.users.admin.username, password: server.users.admin.password },
  });
  await page.goto('/profile');
  await page.getByRole('button', { name: '⟦Sign out⟧' }).waitFor();
  // The header begins at the right.
  const x = async (name: string) => (await page.getByRole('banner').getByText(name).boundingBox())?.x ?? 0;
  expect(await x('⟦Gatehouse⟧')).toBeGreaterThan(await x('⟦Sign out⟧'));
  await check();
});
