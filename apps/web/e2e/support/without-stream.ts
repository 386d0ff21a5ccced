import type { BrowserContext, Page } from 'playwright-core';
import type { Problems } from './problems.ts';

/** Lets the pages learn of changes only by their next call, as behind a proxy that blocks streams. */
export async function withoutStream(pages: BrowserContext | Page, problems: Problems): Promise<void> {
  problems.expect(/^Failed to load resource: net::ERR_FAILED/);
  await pages.route('**/trpc/auth.changes*', (route) => route.abort());
}
