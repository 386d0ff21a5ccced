import type { Browser, Page } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { GatehouseServer } from './gatehouse-server.ts';
import { signIn } from './sign-in.ts';

/** The card with the table of own sessions. */
export const sessionsCard = (page: Page) => page.getByRole('region', { name: 'You’re signed in on these devices' });

/** The sessions on the current page of the table. */
export const sessionRows = (page: Page) =>
  sessionsCard(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') });

export const endButtons = (page: Page) => sessionsCard(page).getByRole('button', { name: /^End session/ });
export const undoButtons = (page: Page) => sessionsCard(page).getByRole('button', { name: /^Undo/ });

export const waitForRows = (page: Page, count: number) => eventually(() => sessionRows(page).count()).toBe(count);

/** A signed-in page of another browser, that is, with another session of the same user. */
export async function otherSession(browser: Browser, server: Pick<GatehouseServer, 'address' | 'users'>, path = '/'): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.address });
  const page = await context.newPage();
  await signIn(page, server.users.user, path);
  return page;
}

/**
 * Adds 60 sessions like the one that is stored, the first used an hour ago and the last 60 hours ago: Firefox and Safari in turn, the last
 * ten with the address 203.0.113.9.
 */
export const ADD_SESSIONS = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
  INSERT OR IGNORE INTO gatehouse_session (handle, secret_hash, rotated_at, user_id, credential_epoch, data, version, created_at, renewed_at,
    last_activity_at, expires_at, ip, user_agent)
  SELECT 'ses_more' || i, 'more' || i, rotated_at, user_id, credential_epoch, data, 1, created_at, renewed_at,
    last_activity_at - 3600000 * i, expires_at, CASE WHEN i > 50 THEN '203.0.113.9' ELSE '198.51.100.7' END,
    CASE i % 2 WHEN 0 THEN 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
      ELSE 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1' END
  FROM gatehouse_session, n`;
