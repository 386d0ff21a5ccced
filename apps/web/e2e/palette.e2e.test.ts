import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { currentPath, signIn, waitForLoginPage } from './support/sign-in.ts';
import { test } from './support/test.ts';

const field = (page: Page) => page.getByRole('combobox', { name: 'Commands and search' });
const options = (page: Page, group: string) => page.getByRole('group', { name: group }).getByRole('option').allInnerTexts();

describe('the command palette', () => {
  test('finds a page and a user from the keyboard, and returns the focus', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/audit');
    await page.keyboard.press('Control+k');
    await field(page).fill('all ses');
    await eventually(() => options(page, 'Go to')).toEqual(['All sessions']);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'All sessions' }).waitFor();

    await page.keyboard.press('Control+k');
    await field(page).fill('demo us');
    const found = page.getByRole('group', { name: 'Users' }).getByRole('option');
    await found.waitFor();
    const selected = await field(page).getAttribute('aria-activedescendant');
    expect(await found.getAttribute('id')).toBe(selected);
    expect(await found.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowDown');
    expect(await found.getAttribute('aria-selected')).toBe('false');
    await page.keyboard.press('Escape');
    await field(page).waitFor({ state: 'detached' });

    await page.keyboard.press('Control+k');
    expect(await field(page).inputValue()).toBe('');
    await field(page).fill('demo us');
    await found.click();
    await eventually(() => currentPath(page)).toMatch(/^\/accounts\/./);

    await page.keyboard.press('Control+k');
    await field(page).fill('nobody here');
    await page.getByRole('option', { name: 'Search all sessions for “nobody here”' }).click();
    await eventually(() => currentPath(page)).toBe('/all-sessions?q=nobody+here');
  });

  test('works on a phone by its button, switches appearance and language, and signs out', async ({ page, server }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn(page, server.users.user, '/profile');
    await page.getByRole('button', { name: 'Search and commands' }).click();
    // Users see neither other users nor the pages of administrators.
    await eventually(() => options(page, 'Go to')).toEqual(['Dashboard', 'Profile', 'Sessions']);
    await page.getByRole('option', { name: 'Appearance: dark' }).click();
    await eventually(() => page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe('dark');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search and commands');

    await page.getByRole('button', { name: 'Search and commands' }).click();
    await page.getByRole('option', { name: 'Language: Deutsch' }).click();
    await page.getByRole('button', { name: 'Suche und Befehle' }).click();
    await page.getByRole('option', { name: 'Sprache: English' }).click();
    await page.getByRole('button', { name: 'Search and commands' }).click();
    await field(page).fill('sign out');
    await page.keyboard.press('Enter');
    await waitForLoginPage(page);
  });

  test('its shortcuts are in the help sheet, and “/” goes to the search of the page', async ({ page, server }) => {
    await signIn(page, server.users.admin, '/profile');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByText('Open search and commands').waitFor();
    await help.getByText('Open “All sessions”').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('4');
    await page.getByRole('rowheader').first().waitFor();
    await page.keyboard.press('/');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  });
});
