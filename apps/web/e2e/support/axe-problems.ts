import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/** Rules whose outcome depends on the size of the screen. */
const LAYOUT_RULES = ['target-size', 'scrollable-region-focusable', 'label', 'button-name', 'link-name'];

/** axe finds nothing in light, dark or on a phone, and the page fits 320 px, which is also 400 % zoom on 1280 px (WCAG 2.2, 1.4.10). */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await axeProblems(page, 'light')).toEqual([]);
  expect(await axeProblems(page, 'dark')).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  expect(await axeProblems(page, 'light', LAYOUT_RULES)).toEqual([]);
}

/** What axe finds on a page, in one colour scheme. `only`: axe rules. Default: all, in the dark scheme the contrast, because only the colours differ. */
async function axeProblems(
  page: Page,
  colorScheme: 'light' | 'dark',
  only = colorScheme === 'dark' ? ['color-contrast'] : undefined,
): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await eventually(() => page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe(colorScheme);
  // Legacy mode analyses only the page itself. The default mode opens another page, to handle frames, and we have none.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  // Targets of 24 px (WCAG 2.2, 2.5.8): axe leaves it out by default. What passes is not described, which takes longer than to check it.
  axe.options({ resultTypes: ['violations'], ...(!only && { rules: { 'target-size': { enabled: true } } }) });
  const rules = only ? axe.withRules(only) : axe;
  const { violations } = await rules.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}
