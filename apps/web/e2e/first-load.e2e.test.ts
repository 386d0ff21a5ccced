import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { identifierField, signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

// Bytes and round trips, which do not depend on the machine. bench/FIRST-LOAD.md has the times.
const MAX_SIGN_IN_BYTES = 130_000;
const MAX_DASHBOARD_BYTES = 256_000;

interface Load {
  readonly url: string;
  readonly startTime: number;
  readonly responseEnd: number;
}

/** Everything that was requested before the page set its mark or, without one, until now; by start. */
const loads = (page: Page): Promise<Load[]> =>
  page.evaluate(() => {
    const [mark] = performance.getEntriesByName('gatehouse:usable');
    return performance
      .getEntriesByType('resource')
      .map((entry) => ({ url: entry.name, startTime: entry.startTime, responseEnd: (entry as PerformanceResourceTiming).responseEnd }))
      .filter(({ startTime }) => startTime <= (mark?.startTime ?? Infinity))
      .toSorted((a, b) => a.startTime - b.startTime);
  });

const isScript = ({ url }: Load): boolean => new URL(url).pathname.endsWith('.js');

/** The gzipped size of the scripts, independent of the server's compression. */
async function scriptBytes(page: Page, all: readonly Load[]): Promise<number> {
  const sizes = all.filter(isScript).map(async ({ url }) => gzipSync(await (await page.request.get(url)).body()).byteLength);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test('the sign-in form needs at most 130 kB of JavaScript, and the rest of the app loads while the user types', async ({ page }) => {
  const rest = page.waitForRequest(/start-app/);
  await page.goto('/');
  await identifierField(page).waitFor();
  const all = await loads(page);
  expect(all.filter(isScript).map(({ url }) => url)).not.toContainEqual(expect.stringContaining('start-app'));
  const bytes = await scriptBytes(page, all);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MAX_SIGN_IN_BYTES);
  await rest;
});

test('the sign-in form takes two round trips: the page, then everything that the page names', async ({ page }) => {
  // The scripts wait for the presence, so it must be requested before any of them has run.
  const requested: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  const scripts = Promise.withResolvers<void>();
  await page.route('**/assets/*.js', async (route) => {
    await scripts.promise;
    await route.continue();
  });
  const rest = page.waitForRequest(/start-app/);
  await page.goto('/', { waitUntil: 'commit' });
  const html = await (await page.request.get('/')).text();
  const named = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path = '']) => path);
  await expect
    .poll(() => requested.filter((path) => path.endsWith('.js')).toSorted(), { timeout: 45_000 })
    .toEqual([...new Set(named)].toSorted());
  await expect.poll(() => requested, { timeout: 45_000 }).toContain('/trpc/auth.presence');
  scripts.resolve();
  await identifierField(page).waitFor();
  const later = (await loads(page)).map(({ url }) => new URL(url).pathname).filter((path) => path.endsWith('.js'));
  expect(later.toSorted()).toEqual([...new Set(named)].toSorted());
  // Asked once: the app uses the same answer.
  await rest;
  expect(requested.filter((path) => path === '/trpc/auth.presence')).toHaveLength(1);
});

test('the first load of the dashboard takes at most 256 kB of JavaScript, and asks for the presence once', async ({
  page,
  context,
  server,
}) => {
  await signIn(page, server.users.user);
  const fresh = await context.newPage();
  await fresh.addInitScript(() => {
    const start = window.setTimeout;
    // Disables preloading, which starts after two seconds (DELAY_MS in use-preload-pages.ts).
    window.setTimeout = ((run: () => void, ms?: number) => (ms === 2000 ? 0 : start(run, ms))) as typeof window.setTimeout;
  });
  await fresh.goto('/');
  await fresh.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  const all = await loads(fresh);
  const bytes = await scriptBytes(fresh, all);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MAX_DASHBOARD_BYTES);
  expect(all.filter(({ url }) => url.includes('/trpc/auth.presence'))).toHaveLength(1);
});
