import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { identifierField, signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

const MAX_BYTES = 200_000;

/**
 * The gzipped size of the scripts, independent of the server's compression. `open` waits for the page's last content. Code that is preloaded
 * for other pages does not count.
 */
async function scriptBytes(page: Page, open: () => Promise<unknown>): Promise<number> {
  const sizes: Promise<number>[] = [];
  await page.addInitScript(() => {
    const start = window.setTimeout;
    // Disables preloading, which starts after two seconds (DELAY_MS in use-preload-pages.ts).
    window.setTimeout = ((run: () => void, ms?: number) => (ms === 2000 ? 0 : start(run, ms))) as typeof window.setTimeout;
  });
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') sizes.push(response.body().then((body) => gzipSync(body).byteLength));
  });
  await open();
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test('the first load of the login page takes at most 200 kB of JavaScript', async ({ page }) => {
  const bytes = await scriptBytes(page, async () => {
    await page.goto('/');
    await identifierField(page).waitFor();
  });
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});

test('the first load of the dashboard takes at most 200 kB of JavaScript', async ({ page, context, server }) => {
  await signIn(page, server.users.user);
  const fresh = await context.newPage();
  const bytes = await scriptBytes(fresh, async () => {
    await fresh.goto('/');
    await fresh.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  });
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});
