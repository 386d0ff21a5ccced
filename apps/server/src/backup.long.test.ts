import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MARIADB, POSTGRESQL, type EmptyDatabase } from '@gatehouse/prisma/testing';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { demoUsers, startServer } from '../test-support/server-process.ts';
import { visitor, type Visitor } from '../test-support/visitor.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'apps/docs/guide/backup.md'), 'utf8');
const blocks = new Map([...page.matchAll(/^```sh (\S+)\n([^]*?)^```$/gm)].map(([, name = '', code = '']) => [name, code]));
const used = new Set<string>();

/** Runs a block of the page. `pnpm gatehouse` is the command line of this clone. */
function tryToRun(name: string, env: Record<string, string | undefined>): { status: number | null; output: string } {
  used.add(name);
  const script = `set -e\npnpm() { shift; '${process.execPath}' '${root}/apps/cli/src/main.ts' "$@"; }\n${blocks.get(name)}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

function run(name: string, env: Record<string, string | undefined>): void {
  const { status, output } = tryToRun(name, env);
  expect(status, `${name}:\n${output}`).toBe(0);
}

/** A restore over existing tables fails before it changes any: tables of a newer version would stay and stop the next migration. */
function refusesExistingTables(name: string, env: Record<string, string | undefined>): void {
  const { status, output } = tryToRun(name, env);
  expect(status).not.toBe(0);
  expect(output).toContain('already exists');
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let isComplete = MARIADB.available && POSTGRESQL.available && REDIS_AVAILABLE;

/** Whether all of these programs are here. Under CI a missing one fails the run. */
function has(...programs: string[]): boolean {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error);
  if (missing.length > 0 && process.env['CI']) throw new Error(`THIS MACHINE LACKS ${missing.join(', ')}.`);
  isComplete &&= missing.length === 0;
  if (missing.length > 0) console.warn(`\nTHIS MACHINE LACKS ${missing.join(', ')}. Its test is skipped.\n`);
  return missing.length === 0;
}

type Env = Record<string, string>;

interface Place {
  /** Of the servers, the commands of the page and the command line. */
  readonly env: Env;
}

async function start({ env }: Place) {
  const server = startServer(env['GATEHOUSE_DATA_DIR'] ?? '', { ...env, SESSION_STORAGE_TIMEOUT: '30' });
  onTestFinished(() => void server.child.kill('SIGKILL'));
  const url = await server.ready;
  return {
    at: (cookie?: string) => Object.assign(visitor(url), { cookie }),
    password: demoUsers(server.output()).get('demo'),
    async stop() {
      server.child.kill('SIGTERM');
      expect(await server.exited).toBe(0);
    },
  };
}

const status = async (browser: Visitor): Promise<number> => (await browser.query('auth.me')).status;

interface Steps {
  readonly from: Place;
  readonly backUp: () => unknown;
  /** Stores the backup elsewhere, and returns where that is. */
  readonly restore: () => Promise<Place>;
}

async function comesBack({ from, backUp, restore }: Steps): Promise<void> {
  const before = await start(from);
  const [kept, ended] = [before.at(), before.at()];
  for (const browser of [kept, ended]) expect((await browser.signIn('demo', before.password)).status).toBe(200);
  const { cookie } = ended;
  backUp();
  const late = before.at();
  expect((await late.signIn('demo', before.password)).status).toBe(200);
  expect((await ended.mutate('auth.logout')).status).toBe(200);
  await before.stop();

  const place = await restore();
  const after = await start(place);
  expect(await status(after.at(kept.cookie))).toBe(200);
  expect(await status(after.at(late.cookie))).toBe(401);
  // The page warns of this.
  expect(await status(after.at(cookie))).toBe(200);
  expect((await after.at().signIn('demo', before.password)).status).toBe(200);
  await after.stop();

  run('after-restore', place.env);
  const last = await start(place);
  for (const one of [kept.cookie, cookie]) expect(await status(last.at(one))).toBe(401);
  expect((await last.at().signIn('demo', before.password)).status).toBe(200);
  await last.stop();
}

const SECRET = 'yN4cV8mZ1qL6tR9wB3xK7pJ2hF5gD0sA';
const dataFolder = (): Env => ({ GATEHOUSE_DATA_DIR: temporary(), SESSION_SECRET: SECRET });

describe('sessions of a backup continue on another server, and the commands of the page end them', () => {
  test.skipIf(!has('sqlite3'))('SQLite', async () => {
    const [from, to, BACKUP] = [dataFolder(), dataFolder(), temporary()];
    await comesBack({
      from: { env: from },
      backUp: () => run('backup-sqlite', { ...from, BACKUP }),
      async restore() {
        // Over another database, whose -wal file must not be applied.
        const other = await start({ env: to });
        await other.stop();
        run('restore-sqlite', { ...to, BACKUP });
        return { env: to };
      },
    });
  });

  async function between(
    on: { create(): Promise<EmptyDatabase> },
    tools: { backup: string; restore: string; env(url: URL): Env },
  ): Promise<void> {
    const [one, other, BACKUP] = [await on.create(), await on.create(), temporary()];
    for (const { drop } of [one, other]) onTestFinished(drop);
    await comesBack({
      from: { env: { ...dataFolder(), DATABASE_URL: one.url } },
      backUp: () => run(tools.backup, { ...tools.env(new URL(one.url)), BACKUP }),
      restore: () => {
        const env = { ...tools.env(new URL(other.url)), BACKUP };
        run(tools.restore, env);
        refusesExistingTables(tools.restore, env);
        return Promise.resolve({ env: { ...dataFolder(), DATABASE_URL: other.url } });
      },
    });
  }

  test.skipIf(!POSTGRESQL.available || !has('pg_dump', 'pg_restore'))('PostgreSQL', () =>
    between(POSTGRESQL, { backup: 'backup-postgresql', restore: 'restore-postgresql', env: ({ href }) => ({ DATABASE_URL: href }) }),
  );

  test.skipIf(!MARIADB.available || !has('mariadb-dump', 'mariadb'))('MariaDB', () =>
    between(MARIADB, {
      backup: 'backup-mariadb',
      restore: 'restore-mariadb',
      env: (url) => ({
        DB_HOST: url.hostname,
        DB_PORT: url.port || '3306',
        DB_USER: decodeURIComponent(url.username),
        DB_NAME: url.pathname.slice(1),
        ...(url.password && { MYSQL_PWD: decodeURIComponent(url.password) }),
      }),
    }),
  );

  test.skipIf(!REDIS_AVAILABLE || !has('redis-cli', 'sqlite3')).each(['snapshot', 'append-only file'])('Redis, by %s', async (kind) => {
    const appendOnly = ['--appendonly', 'yes'];
    const REDIS_FOLDER = temporary();
    const redis = await startRedis(['--dir', REDIS_FOLDER, ...appendOnly]);
    onTestFinished(() => redis.stop());
    const [from, to, BACKUP] = [dataFolder(), dataFolder(), temporary()];
    const env = { ...from, SESSION_ENGINE: 'redis', REDIS_URL: redis.url };
    await comesBack({
      from: { env },
      backUp() {
        run('backup-sqlite', { ...from, BACKUP });
        run(kind === 'snapshot' ? 'backup-redis' : 'backup-redis-append-only', { ...env, REDIS_FOLDER, BACKUP });
      },
      async restore() {
        run('restore-sqlite', { ...to, BACKUP });
        const folder = temporary();
        if (kind === 'snapshot') {
          mkdirSync(join(folder, 'appendonlydir'));
          run('restore-redis', { REDIS_FOLDER: folder, BACKUP });
        } else cpSync(join(BACKUP, 'appendonlydir'), join(folder, 'appendonlydir'), { recursive: true });
        const other = await startRedis(['--dir', folder, ...(kind === 'snapshot' ? ['--appendonly', 'no'] : appendOnly)]);
        onTestFinished(() => other.stop());
        if (kind === 'snapshot') run('restore-redis-append-only', { REDIS_URL: other.url });
        return { env: { ...to, SESSION_ENGINE: 'redis', REDIS_URL: other.url } };
      },
    });
  });
});

test.skipIf(!isComplete)('every block of the page was run', () => {
  expect([...blocks.keys()].filter((name) => !used.has(name))).toEqual([]);
});
