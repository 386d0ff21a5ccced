// `node apps/web/e2e/revocation-figures.ts [revocations]`: how long it takes from the call that ends a session, on one server process, until
// the open page of that session, on another process, shows the sign-in form. For bench/STREAMS.md.
import { loadavg } from 'node:os';
import { AJAX_HEADER, AJAX_HEADER_VALUE } from '@gatehouse/contract';
import { MARIADB, POSTGRESQL, type TestDatabase } from '@gatehouse/prisma/testing';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { chromium, request, type APIRequestContext, type Browser } from 'playwright-core';
import { chromiumPath } from './support/chromium-path.ts';
import { startGatehouse, type Credentials } from './support/gatehouse-server.ts';
import { signIn, submitButton } from './support/sign-in.ts';

const REVOCATIONS = Number(process.argv[2] ?? 50);

interface Target {
  readonly name: string;
  readonly engine: 'db' | 'redis' | 'cached_db';
  readonly database?: TestDatabase;
}

const TARGETS: readonly Target[] = [
  { name: '`db`, SQLite', engine: 'db' },
  { name: '`db`, MariaDB', engine: 'db', database: MARIADB },
  { name: '`db`, PostgreSQL', engine: 'db', database: POSTGRESQL },
  { name: '`redis`', engine: 'redis' },
  { name: '`cached_db`, SQLite', engine: 'cached_db' },
  { name: '`cached_db`, PostgreSQL', engine: 'cached_db', database: POSTGRESQL },
];

const HEADERS = { [AJAX_HEADER]: AJAX_HEADER_VALUE };

async function call(api: APIRequestContext, path: string, data: unknown): Promise<void> {
  const response = await api.post(`/trpc/${path}`, { headers: HEADERS, data });
  if (!response.ok()) throw new Error(`${path} was answered with ${response.status()}: ${await response.text()}`);
}

/** Ends the session of an open page, and returns how long the page took to show the sign-in form. Milliseconds. */
async function revokeOne(browser: Browser, here: string, user: Credentials, admin: APIRequestContext): Promise<number> {
  const context = await browser.newContext({ baseURL: here });
  try {
    const page = await context.newPage();
    const isStreaming = page.waitForResponse((response) => response.url().includes('auth.changes'));
    await signIn(page, user, '/profile');
    await isStreaming;
    const me = await page.request.get('/trpc/auth.me', { headers: HEADERS });
    const { handle } = (await me.json()).result.data.session as { handle: string };
    const form = submitButton(page).waitFor();
    const begun = performance.now();
    await call(admin, 'admin.sessions.revoke', { handle });
    await form;
    return performance.now() - begun;
  } finally {
    await context.close();
  }
}

async function measure(browser: Browser, { name, engine, database }: Target): Promise<void> {
  const cleaners: (() => Promise<void>)[] = [];
  try {
    const env: Record<string, string> = { SESSION_ENGINE: engine, SIGN_IN_LIMIT_ACCOUNT: '100000', SIGN_IN_LIMIT_ADDRESS: '100000' };
    if (database) {
      const { url, drop } = await database.create();
      cleaners.push(drop);
      env['DATABASE_URL'] = url;
    }
    if (engine !== 'db') {
      const redis = await startRedis();
      cleaners.push(() => redis.stop());
      env['REDIS_URL'] = redis.url;
    }
    const server = await startGatehouse((clean) => cleaners.push(clean), env);
    const there = await server.startAnother();
    const admin = await request.newContext({ baseURL: there });
    cleaners.push(() => admin.dispose());
    await call(admin, 'auth.login', { identifier: server.users.admin.username, password: server.users.admin.password, remember: true });
    const times: number[] = [];
    // oxlint-disable-next-line no-await-in-loop -- one after the other, and the first one unmeasured
    for (let n = 0; n <= REVOCATIONS; n += 1) times.push(await revokeOne(browser, server.address, server.users.user, admin));
    const sorted = times.slice(1).toSorted((one, other) => one - other);
    const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN).toFixed(0);
    console.log(`| ${name} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${(loadavg()[0] ?? 0).toFixed(1)} |`);
  } finally {
    // oxlint-disable-next-line no-await-in-loop -- the servers before their storage
    for (const clean of cleaners.toReversed()) await clean();
  }
}

const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
try {
  console.log(`${REVOCATIONS} revocations each\n\n| engine | median ms | 95 % ms | at most ms | load average |\n|---|--:|--:|--:|--:|`);
  for (const target of TARGETS) {
    const isHere = (target.database?.available ?? true) && (target.engine === 'db' || REDIS_AVAILABLE);
    // oxlint-disable-next-line no-await-in-loop
    if (isHere) await measure(browser, target);
  }
} finally {
  await browser.close();
}
