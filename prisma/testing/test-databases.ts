import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '../src/index.ts';
import { openDatabase } from '../src/index.ts';

/** A database of the tests' own, empty and without tables. */
export interface EmptyDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

export interface TestDatabase {
  readonly provider: Provider;
  readonly name: string;
  /** This machine has such a server. Tests that need one are skipped without; under CI its absence fails them. */
  readonly available: boolean;
  readonly create: () => Promise<EmptyDatabase>;
}

/** Where the servers are: an address with the right to create databases. */
const SERVERS = {
  mysql: process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/mysql',
  postgresql: process.env['TEST_POSTGRESQL_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres',
};

/** In memory where there is such a folder: these tests are about what is stored, not about disks. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const SQLITE: TestDatabase = {
  provider: 'sqlite',
  name: 'SQLite',
  available: true,
  create() {
    const folder = mkdtempSync(join(FOLDER, 'gatehouse-test-'));
    return Promise.resolve({
      url: `file:${join(folder, 'test.db')}`,
      drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    });
  },
};

async function server(provider: 'mysql' | 'postgresql', name: string, dropOptions: string): Promise<TestDatabase> {
  const url = SERVERS[provider];
  const problem = await execute(url, 'SELECT 1').then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (problem !== undefined) {
    const text = `THIS MACHINE LACKS ${name}: ${problem}`;
    if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
    console.warn(`\n${text}\nThe tests that need it are skipped.\n`);
  }
  return {
    provider,
    name,
    available: problem === undefined,
    async create() {
      const database = `gatehouse_test_${randomBytes(8).toString('hex')}`;
      await execute(url, `CREATE DATABASE ${database}`);
      const own = new URL(url);
      own.pathname = `/${database}`;
      return { url: own.href, drop: () => execute(url, `DROP DATABASE IF EXISTS ${database}${dropOptions}`) };
    },
  };
}

async function execute(url: string, sql: string): Promise<void> {
  const database = await openDatabase(url, { acquireTimeoutMs: 5000 });
  const connection = await database.adapter.connect();
  try {
    await connection.executeRaw({ sql, args: [], argTypes: [] });
  } finally {
    await connection.dispose();
    await database.close();
  }
}

export const MARIADB = await server('mysql', 'MariaDB', '');
export const POSTGRESQL = await server('postgresql', 'PostgreSQL', ' WITH (FORCE)');

/** Every database that Gatehouse runs on. */
export const DATABASES: readonly TestDatabase[] = [SQLITE, MARIADB, POSTGRESQL];
