// `pnpm screenshots`: takes a picture of each page in light, dark and on a phone, for the README and the documentation. It starts a
// server with sample data of its own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { addUser } from './support/accounts.ts';
import { chromiumPath } from './support/chromium-path.ts';
import { startGatehouse, type Credentials, type GatehouseServer } from './support/gatehouse-server.ts';
import { ADD_SESSIONS } from './support/own-sessions.ts';
import { identifierField, signIn } from './support/sign-in.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/screenshots');

interface Shot {
  readonly as: 'visitor' | 'user' | 'admin';
  readonly path: string;
  /** Brings the page into the state that is shown. */
  readonly open: (page: Page) => Promise<void>;
}

const SHOTS: Readonly<Record<string, Shot>> = {
  'sign-in': { as: 'visitor', path: '/login', open: (page) => identifierField(page).waitFor() },
  dashboard: {
    as: 'user',
    path: '/',
    open: (page) => page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor(),
  },
  sessions: { as: 'user', path: '/sessions', open: (page) => page.getByText('Page 1 of 2').waitFor() },
  profile: { as: 'user', path: '/profile', open: (page) => page.getByLabel('Name', { exact: true }).waitFor() },
  overview: { as: 'admin', path: '/admin', open: (page) => page.getByRole('img', { name: /^Sign-ins per hour/ }).waitFor() },
  users: { as: 'admin', path: '/accounts', open: (page) => page.getByText('Grace Hopper').waitFor() },
  user: { as: 'admin', path: '/accounts/sample0', open: (page) => page.getByRole('heading', { name: 'Account details' }).waitFor() },
  'all-sessions': { as: 'admin', path: '/all-sessions', open: (page) => page.getByRole('rowheader').first().waitFor() },
  audit: { as: 'admin', path: '/audit', open: (page) => page.getByRole('rowheader').first().waitFor() },
};

const VIEWS = {
  light: { colorScheme: 'light', width: 1280, height: 860 },
  dark: { colorScheme: 'dark', width: 1280, height: 860 },
  phone: { colorScheme: 'light', width: 390, height: 844 },
} as const;

const PEOPLE = ['Ada Lovelace', 'Grace Hopper', 'Alan Turing', 'Barbara Liskov', 'Edsger Dijkstra', 'Radia Perlman', 'Tim Berners-Lee'];

/** Sign-ins of the last day, some of which failed. */
const ADD_SIGN_INS = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 160)
  INSERT INTO gatehouse_activity (activity_id, user_id, kind, happened_at, actor_kind, actor_id, detail, ip, user_agent)
  SELECT 'sample' || i, user_id, CASE WHEN i % 9 = 0 THEN 'sign_in_failed' ELSE 'signed_in' END,
    CAST(unixepoch('subsec') * 1000 AS INTEGER) - (i * i * 7919) % 86000000, CASE WHEN i % 9 = 0 THEN 'visitor' ELSE 'self' END,
    CASE WHEN i % 9 = 0 THEN NULL ELSE user_id END, CASE WHEN i % 9 = 0 THEN NULL ELSE '{"method":"password"}' END, '203.0.113.' || (i % 20),
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
  FROM n, (SELECT user_id FROM gatehouse_user ORDER BY username LIMIT 1)`;

/** Sign-in times hours before the last use, with their entries in the audit trail. Every third session belongs to another user. */
const VARY_SESSIONS = [
  `UPDATE gatehouse_session SET user_id = 'sample' || (substr(handle, 9) % 7), ip = '192.0.2.' || (substr(handle, 9) % 9 + 20)
    WHERE handle LIKE 'ses_more%' AND substr(handle, 9) % 3 = 0`,
  `UPDATE gatehouse_session SET created_at = last_activity_at - 3600000 * (substr(handle, 9) * 7 % 50 + 1), renewed_at = last_activity_at,
    expires_at = last_activity_at + 1209600000 WHERE handle LIKE 'ses_more%'`,
  `UPDATE gatehouse_session SET version = version + 1,
    data = json_set(data, '$.loginTime', strftime('%Y-%m-%dT%H:%M:%fZ', created_at / 1000.0, 'unixepoch')) WHERE handle LIKE 'ses_more%'`,
  `INSERT INTO gatehouse_activity (activity_id, user_id, kind, happened_at, actor_kind, actor_id, detail, ip, user_agent, handle)
    SELECT 'of_' || handle, user_id, 'signed_in', created_at, 'self', user_id,
      CASE WHEN substr(handle, 9) % 4 = 0 THEN '{"method":"passkey"}' ELSE '{"method":"password"}' END, ip, user_agent, handle
    FROM gatehouse_session WHERE handle LIKE 'ses_more%'`,
  `UPDATE gatehouse_user SET last_sign_in_ms = coalesce((SELECT max(created_at) FROM gatehouse_session
    WHERE gatehouse_session.user_id = gatehouse_user.user_id), 0) WHERE user_id LIKE 'sample%'`,
];

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Signs in, and returns the cookies. */
async function signedIn(browser: Browser, { address }: GatehouseServer, credentials: Credentials): Promise<StorageState> {
  const context = await browser.newContext({ baseURL: address });
  await signIn(await context.newPage(), credentials);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Until the bar at the top, which shows that a page loads, has faded. */
const loaded = (page: Page) =>
  page.waitForFunction(() => {
    const bar = document.querySelector('.mantine-Progress-root[aria-hidden]');
    return bar === null || getComputedStyle(bar).opacity === '0';
  });

interface Target {
  readonly browser: Browser;
  readonly address: string;
  readonly storageState: StorageState | undefined;
}

async function take({ browser, address, storageState }: Target, name: string, { path, open }: Shot): Promise<void> {
  for (const [view, { colorScheme, width, height }] of Object.entries(VIEWS)) {
    // oxlint-disable no-await-in-loop -- one after the other
    const context = await browser.newContext({
      baseURL: address,
      ...(storageState && { storageState }),
      colorScheme,
      viewport: { width, height },
      reducedMotion: 'reduce',
      locale: 'en',
    });
    const page = await context.newPage();
    await page.goto(path);
    await open(page);
    await page.evaluate(() => document.fonts.ready);
    await loaded(page);
    await page.screenshot({ path: join(FOLDER, `${name}-${view}.png`) });
    await context.close();
  }
}

const cleaners: (() => Promise<void>)[] = [];
mkdirSync(FOLDER, { recursive: true });
try {
  const server = await startGatehouse((clean) => cleaners.push(clean));
  const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
  cleaners.unshift(() => browser.close());
  for (const [index, name] of PEOPLE.entries())
    addUser(server, { id: `sample${index}`, username: name.split(' ')[0]?.toLowerCase() ?? '', name });
  const user = await signedIn(browser, server, server.users.user);
  server.sql(ADD_SESSIONS);
  server.sql(ADD_SIGN_INS);
  for (const statement of VARY_SESSIONS) server.sql(statement);
  const states = { visitor: undefined, user, admin: await signedIn(browser, server, server.users.admin) };
  for (const [name, shot] of Object.entries(SHOTS))
    await take({ browser, address: server.address, storageState: states[shot.as] }, name, shot);
  console.log(`Wrote ${Object.keys(SHOTS).length * Object.keys(VIEWS).length} pictures to docs/screenshots.`);
} finally {
  for (const clean of cleaners) await clean();
}
