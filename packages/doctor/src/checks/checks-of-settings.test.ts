import { expect, test } from 'vitest';
import type { Severity } from '../check.ts';
import type { Facts } from '../facts/facts.ts';
import { factsOf, judge, PRODUCTION, type TestEnv } from '../test-support/facts-of.ts';

type Case = readonly [check: string, env: TestEnv, severity: Severity, found: RegExp, given?: Partial<Facts>];

const random = 'kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g';

const CASES: readonly Case[] = [
  ['session-secret', {}, 'ok', /kept in the data folder/],
  ['session-secret', PRODUCTION, 'ok', /One secret/],
  ['session-secret', { SESSION_SECRET: `${random},${PRODUCTION['SESSION_SECRET']}` }, 'ok', /first of 2/],
  ['session-secret', { SESSION_SECRET: `${random},${random}` }, 'warning', /twice/],
  ['session-secret', { SESSION_SECRET: 'correct horse battery staple and more' }, 'warning', /reads like words/],
  ['session-secret', { SESSION_SECRET: `${random},correct-horse-battery-staple-and-more` }, 'warning', /\(number 2\) reads like words/],
  ['environment', {}, 'ok', /development/],
  ['environment', { PUBLIC_URL: 'https://app.test', TRUST_PROXY: '1' }, 'warning', /NODE_ENV is development/],
  ['environment', { PUBLIC_URL: 'https://localhost:3443', TRUST_PROXY: '1' }, 'ok', /development/],
  ['environment', PRODUCTION, 'ok', /production/],
  ['session-engine', PRODUCTION, 'ok', /SESSION_ENGINE is db/],
  ['session-engine', { SESSION_ENGINE: 'memory' }, 'warning', /a restart signs everyone out/],
  ['session-engine', { ...PRODUCTION, SESSION_ENGINE: 'memory' }, 'error', /a second process does not know them/],
  ['cookie', PRODUCTION, 'ok', /__Host-sessionid: https only/],
  ['cookie', {}, 'ok', /gatehouse\.sid: also http/],
  [
    'cookie',
    { ...PRODUCTION, PUBLIC_URL: 'http://app.test', SESSION_COOKIE_SECURE: 'false' },
    'warning',
    /not Secure: browsers also send it over plain http/,
  ],
  ['cookie', { ...PRODUCTION, PUBLIC_URL: 'http://localhost:3000' }, 'warning', /this machine only/],
  ['cookie', { ...PRODUCTION, SESSION_COOKIE_SAMESITE: 'None' }, 'warning', /other sites/],
  ['cookie', { SESSION_COOKIE_PATH: '/app' }, 'error', /would not send the cookie to \/trpc/],
  ['cookie', { ...PRODUCTION, PUBLIC_URL: 'https://app.test/app' }, 'ok', /and \/app\.$/],
  ['cookie', { ...PRODUCTION, PUBLIC_URL: 'https://app.test/app', SESSION_COOKIE_PATH: '/' }, 'ok', /and \/\.$/],
  ['cookie', { ...PRODUCTION, PUBLIC_URL: 'https://app.test/app', SESSION_COOKIE_PATH: '/ap' }, 'error', /to \/app\/trpc/],
  ['trust-proxy', {}, 'ok', /No proxy/],
  ['trust-proxy', PRODUCTION, 'ok', /One proxy/],
  ['trust-proxy', { TRUST_PROXY: '10.0.0.0/8,fc00::/7,loopback' }, 'ok', /10\.0\.0\.0\/8/],
  ['trust-proxy', { TRUST_PROXY: '0.0.0.0/1,128.0.0.0/1' }, 'error', /0\.0\.0\.0\/1 and 128\.0\.0\.0\/1/],
  ['trust-proxy', { TRUST_PROXY: '2000::/3' }, 'error', /2000::\/3/],
  ['lifetimes', {}, 'ok', /14 days without use, and 90 days/],
  ['lifetimes', { SESSION_COOKIE_AGE: '34560001', SESSION_ABSOLUTE_AGE: '34560001' }, 'warning', /no cookie for more than 400/],
  ['lifetimes', { SESSION_ABSOLUTE_AGE: '99999999' }, 'warning', /stolen session/],
  ['lifetimes', { SESSION_COOKIE_AGE: '7776001' }, 'warning', /ends every session sooner/],
  ['shutdown-drain', {}, 'ok', /at most 10 s/],
  ['shutdown-drain', PRODUCTION, 'ok', /at most 25 s/],
  ['shutdown-drain', { ...PRODUCTION, SHUTDOWN_DRAIN: '20', SHUTDOWN_GRACE: '30' }, 'ok', /at most 90 s/],
  ['shutdown-drain', { ...PRODUCTION, SHUTDOWN_DRAIN: '0' }, 'warning', /SHUTDOWN_DRAIN is 0 although there is a proxy/],
  ['shutdown-drain', { ...PRODUCTION, SHUTDOWN_DRAIN: '1.5' }, 'warning', /SHUTDOWN_DRAIN is 1\.5/],
  [
    'shutdown-drain',
    { ...PRODUCTION, PUBLIC_URL: 'http://localhost:3000', TRUST_PROXY: 'none', SHUTDOWN_DRAIN: '0' },
    'ok',
    /at most 10 s/,
  ],
  ['metrics', {}, 'ok', /no metrics/],
  ['metrics', { METRICS_PORT: '9464' }, 'ok', /port 9464, for this machine only/],
  ['metrics', { METRICS_PORT: '9464', HOST: '::1' }, 'ok', /this machine only/],
  ['metrics', { METRICS_PORT: '9464', HOST: '0.0.0.0' }, 'warning', /port 9464 of 0\.0\.0\.0 can read the metrics/],
  ['metrics', { ...PRODUCTION, METRICS_PORT: '9464' }, 'warning', /METRICS_TOKEN is not set/],
  ['metrics', { ...PRODUCTION, METRICS_PORT: '9464', METRICS_TOKEN: random }, 'ok', /port 9464, with a token/],
  ['metrics', { ...PRODUCTION, METRICS_TOKEN: random }, 'ok', /port 3000, with a token/],
  ['node-version', {}, 'ok', /24\.21\.0/],
  ['node-version', {}, 'ok', /newer than/, { nodeVersion: '28.1.0' }],
  ['node-version', {}, 'warning', /23\.11\.0 is no longer supported/, { nodeVersion: '23.11.0' }],
  ['node-version', {}, 'warning', /24\.21\.0 is no longer supported/, { now: Date.parse('2028-05-01') }],
  ['credentials', {}, 'skipped', /SQLite/],
  ['credentials', { DATABASE_URL: 'mysql://app:password@db.test/gatehouse' }, 'error', /DATABASE_URL is a well-known one/],
  ['credentials', { DATABASE_URL: 'postgresql://app:app@db.test/gatehouse' }, 'error', /a well-known one/],
  ['credentials', { DATABASE_URL: 'postgresql://postgres:postgres@localhost/gatehouse' }, 'warning', /a well-known one/],
  ['credentials', { DATABASE_URL: 'postgresql://app@db.test/gatehouse' }, 'warning', /no password/],
  ['credentials', { DATABASE_URL: 'postgresql://app@localhost/gatehouse' }, 'ok', /PostgreSQL/],
  ['credentials', { SESSION_ENGINE: 'redis', REDIS_URL: 'redis://cache.test' }, 'warning', /REDIS_URL has no password/],
  ['credentials', { SESSION_ENGINE: 'redis', REDIS_URL: 'redis+sentinel://:foobared@a.test,b.test/main' }, 'error', /REDIS_URL/],
  ['credentials', { SESSION_ENGINE: 'redis', REDIS_URL: `redis://:${random}@cache.test` }, 'ok', /Redis/],
  ['transport', {}, 'skipped', /this machine/],
  ['transport', { DATABASE_URL: 'mysql://app:x@127.0.0.1/gatehouse' }, 'skipped', /this machine/],
  ['transport', { DATABASE_URL: 'mysql://app:x@db.test/gatehouse' }, 'warning', /MariaDB or MySQL .* in the clear/],
  ['transport', { DATABASE_URL: 'mysql://app:x@db.test/gatehouse?ssl=true' }, 'ok', /TLS/],
  ['transport', { DATABASE_URL: 'postgresql://app:x@db.test/gatehouse?sslmode=disable' }, 'warning', /PostgreSQL/],
  ['transport', { DATABASE_URL: 'postgresql://app:x@db.test/gatehouse?sslmode=verify-full' }, 'ok', /TLS/],
  ['transport', { DATABASE_URL: 'postgresql://app:x@db.test/gatehouse?sslmode=no-verify' }, 'warning', /any certificate/],
  ['transport', { DATABASE_URL: 'mysql://app:x@db.test/gatehouse?ssl=verify-ca&sslca=/ca.pem' }, 'ok', /TLS/],
  ['transport', { DATABASE_URL: 'mysql://app:x@db.test/gatehouse?ssl=no-verify' }, 'warning', /any certificate/],
  ['transport', { SESSION_ENGINE: 'cached_db', REDIS_URL: 'redis://:x@cache.test' }, 'warning', /Redis/],
  ['transport', { SESSION_ENGINE: 'cached_db', REDIS_URL: 'rediss://:x@cache.test' }, 'ok', /TLS/],
  ['private-files', {}, 'ok', /No other user/],
  ['private-files', {}, 'warning', /can read \/data\/it's\.db/, { files: { open: ["/data/it's.db"], disk: 'disk', otherProcesses: 0 } }],
  ['sqlite-disk', {}, 'ok', /on a disk/, { files: { open: [], disk: 'disk', otherProcesses: 0 } }],
  ['sqlite-disk', {}, 'error', /network file system/, { files: { open: [], disk: 'network', otherProcesses: 0 } }],
  ['sqlite-disk', {}, 'ok', /in memory/, { files: { open: [], disk: 'memory', otherProcesses: 0 } }],
  ['sqlite-disk', PRODUCTION, 'warning', /in memory/, { files: { open: [], disk: 'memory', otherProcesses: 0 } }],
  ['sqlite-disk', PRODUCTION, 'warning', /container/, { files: { open: [], disk: 'container layer', otherProcesses: 0 } }],
  ['sqlite-processes', {}, 'ok', /No other process/, { files: { open: [], disk: 'disk', otherProcesses: 0 } }],
  ['sqlite-processes', {}, 'ok', /One other/, { files: { open: [], disk: 'disk', otherProcesses: 1 } }],
  ['sqlite-processes', {}, 'warning', /3 processes/, { files: { open: [], disk: 'disk', otherProcesses: 3 } }],
  ['sqlite-processes', {}, 'warning', /Several workers/, { isClusterWorker: true }],
  ['sqlite-processes', { ...PRODUCTION, SESSION_ENGINE: 'redis', REDIS_URL: 'redis://a.test' }, 'warning', /accounts are in a file/],
  ['database', {}, 'skipped', /creates it when it starts/, { database: { status: 'absent', file: '/data/gatehouse.db' } }],
  ['database', PRODUCTION, 'warning', /no database at \/data/, { database: { status: 'absent', file: '/data/gatehouse.db' } }],
  ['database', {}, 'error', /cannot create one: \/data is/, { database: { status: 'absent', file: '/data/x/y.db', unwritable: '/data' } }],
];

test.each(CASES.map((one) => ({ one })))('$one', ({ one: [id, env, severity, found, given] }) => {
  const verdicts = judge(id, factsOf(env, given));
  expect(verdicts).toHaveLength(1);
  expect(verdicts[0]).toMatchObject({ severity, found: expect.stringMatching(found) });
  // ASVS 13.3.1: findings never contain secrets.
  for (const secret of [random, PRODUCTION['SESSION_SECRET'], 'battery', 'foobared'])
    expect(JSON.stringify(verdicts)).not.toContain(secret);
});

test('a fix that names a file can be pasted into a shell', () => {
  const [verdict] = judge('private-files', factsOf({}, { files: { open: ["/data/it's.db"], disk: 'disk', otherProcesses: 0 } }));
  expect(verdict).toMatchObject({ fix: String.raw`Restrict it: chmod 600 '/data/it'\''s.db'` });
});
