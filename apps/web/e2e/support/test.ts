import { chromium, type Page } from 'playwright-core';
import { test as base } from 'vitest';
import { chromiumPath } from './chromium-path.ts';
import { WAIT_MS } from './eventually.ts';
import { startGatehouse } from './gatehouse-server.ts';
import { watchProblems } from './problems.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Vitest derives the dependencies of a fixture from its destructuring pattern, which is empty for the first two.
/* oxlint-disable no-empty-pattern */

const withBrowser = base
  /** One server per file, with its own data. */
  .extend('server', { scope: 'file' }, async ({}, { onCleanup }) => startGatehouse(onCleanup))
  /** One browser per worker. */
  .extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: FLAGS, timeout: 90_000 });
    onCleanup(() => browser.close());
    return browser;
  })
  /** One browser profile per test. Its pages share their cookies. */
  .extend('context', async ({ browser, server }, { onCleanup }) => {
    const context = await browser.newContext({ baseURL: server.address, viewport: { width: 1280, height: 800 } });
    context.setDefaultTimeout(WAIT_MS);
    onCleanup(() => context.close());
    return context;
  })
  /** Fails every test with unexpected console output or violations of the content security policy. */
  .extend('problems', { auto: true }, async ({ context }, { onCleanup }) => {
    const problems = await watchProblems(context);
    onCleanup(() => {
      const found = problems.found();
      if (found.length > 0) throw new Error(`The browser reported:\n${found.join('\n')}`);
    });
    return problems;
  })
  .extend('page', ({ context }): Promise<Page> => context.newPage());

export const test = chromiumPath === undefined ? (base.skip as unknown as typeof withBrowser) : withBrowser;
