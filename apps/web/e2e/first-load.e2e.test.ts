import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { identifierField, signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

// Bytes and the order of requests, which do not depend on the machine. bench/FIRST-LOAD.md has the times.
const MAX_SIGN_IN_BYTES = 117_000;
const MAX_DASHBOARD_BYTES = 181_000;

const POLL = { timeout: 45_000 };

interface Load {
  readonly url: string;
  readonly startTime: number;
}

/** Everything that was requested before the page set its mark or, without one, until now; by start. */
const loads = (page: Page): Promise<Load[]> =>
  page.evaluate(() => {
    const [mark] = performance.getEntriesByName('gatehouse:usable');
    return performance
      .getEntriesByType('resource')
      .map(({ name, startTime }) => ({ url: name, startTime }))
      .filter(({ startTime }) => startTime <= (mark?.startTime ?? Infinity))
      .toSorted((a, b) => a.startTime - b.startTime);
  });

/** The paths of the scripts and style sheets that were loaded. */
const filesOf = (all: readonly Load[]): string[] =>
  [...new Set(all.map(({ url }) => new URL(url).pathname))].filter((path) => /\/assets\/.*\.(?:js|css)$/.test(path)).toSorted();

const scriptsOf = (all: readonly Load[]): string[] => filesOf(all).filter((path) => path.endsWith('.js'));

/** The gzipped size of the scripts, independent of the server's compression. */
async function scriptBytes(page: Page, all: readonly Load[]): Promise<number> {
  const sizes = scriptsOf(all).map(async (path) => gzipSync(await (await page.request.get(path)).body()).byteLength);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Disables the preloading of other pages, which starts after two seconds (DELAY_MS in use-preload-pages.ts). */
const withoutPreloading = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const start = window.setTimeout;
    window.setTimeout = ((run: () => void, ms?: number) => (ms === 2000 ? 0 : start(run, ms))) as typeof window.setTimeout;
  });

/** Holds back every script of a page, so that what is requested meanwhile does not wait for any of them. */
async function holdScripts(page: Page): Promise<{ readonly requested: string[]; readonly release: () => void }> {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  const scripts = Promise.withResolvers<void>();
  await page.route('**/assets/*.js', async (route) => {
    await scripts.promise;
    await route.continue();
  });
  return { requested, release: () => scripts.resolve() };
}

const countOf = (requested: readonly string[], path: string): number => requested.filter((each) => each === path).length;

const activity = (page: Page) => page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first();

test('the sign-in form needs at most 117 kB of JavaScript, and the rest of the app loads while the user types', async ({ page }) => {
  const rest = page.waitForRequest(/\/app-[^/]*\.js/);
  await page.goto('/');
  await identifierField(page).waitFor();
  const all = await loads(page);
  expect(scriptsOf(all)).not.toContainEqual(expect.stringMatching(/\/app-[^/]*\.js/));
  const bytes = await scriptBytes(page, all);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MAX_SIGN_IN_BYTES);
  await rest;
});

test('the sign-in form takes two round trips: the page, then everything at the same time', async ({ page }) => {
  const { requested, release } = await holdScripts(page);
  const rest = page.waitForRequest(/\/app-[^/]*\.js/);
  await page.goto('/', { waitUntil: 'commit' });
  await expect.poll(() => requested, POLL).toContain('/trpc/auth.presence');
  await expect.poll(() => requested, POLL).toContainEqual(expect.stringMatching(/sign-in-screen-[^/]*\.js/));
  const early = [...requested];
  release();
  await identifierField(page).waitFor();
  expect(filesOf(await loads(page)).filter((file) => !early.includes(file))).toEqual([]);
  // Asked once: the app uses the same answer.
  await rest;
  expect(countOf(requested, '/trpc/auth.presence')).toBe(1);
});

test('the first load of the dashboard takes at most 181 kB of JavaScript', async ({ page, context, server }) => {
  await signIn(page, server.users.user);
  const fresh = await context.newPage();
  await withoutPreloading(fresh);
  await fresh.goto('/');
  await activity(fresh).waitFor();
  const bytes = await scriptBytes(fresh, await loads(fresh));
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MAX_DASHBOARD_BYTES);
});

test('the dashboard takes two round trips and its data: the page, then everything at the same time', async ({ page, context, server }) => {
  await signIn(page, server.users.user);
  const fresh = await context.newPage();
  await withoutPreloading(fresh);
  const { requested, release } = await holdScripts(fresh);
  // The answer about who is signed in comes last, because the files must not wait for it.
  const presence = Promise.withResolvers<void>();
  await fresh.route('**/trpc/auth.presence*', async (route) => {
    await presence.promise;
    await route.continue();
  });
  await fresh.goto('/', { waitUntil: 'commit' });
  await expect.poll(() => requested, POLL).toContain('/trpc/auth.presence');
  await expect.poll(() => requested, POLL).toContainEqual(expect.stringMatching(/signed-in-[^/]*\.js/));
  const early = [...requested];
  presence.resolve();
  release();
  await activity(fresh).waitFor();
  expect(filesOf(await loads(fresh)).filter((file) => !early.includes(file))).toEqual([]);
  // Nothing of the sign-in page.
  expect(early).not.toContainEqual(expect.stringMatching(/sign-in-screen/));
  expect(countOf(requested, '/trpc/auth.presence')).toBe(1);
});

test('a wrong guess about who is signed in is corrected', async ({ page, context, server }) => {
  await signIn(page, server.users.user);
  await page.evaluate(() => localStorage.clear());
  const known = await context.newPage();
  await known.goto('/');
  await activity(known).waitFor();
  await context.clearCookies();
  const unknown = await context.newPage();
  await unknown.goto('/');
  await identifierField(unknown).waitFor();
});
