import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '../src/index.ts';
import { openDatabase } from '../src/index.ts';

/** A new database without tables. */
export interface EmptyDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

export interface TestDatabase {
  readonly provider: Provider;
  /** The name of the product. */
  readonly name: string;
  /** As reported by the server; empty for SQLite. */
  readonly version: string;
  /** Whether this machine has such a server. Otherwise tests that need it are skipped; with `CI` set, importing this file throws. */
  readonly available: boolean;
  readonly create: () => Promise<EmptyDatabase>;
}

/** Addresses of the servers, with a user who may create databases. The `mysql` one may be MariaDB or MySQL. */
const SERVERS = {
  mysql: process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306/mysql',
  postgresql: process.env['TEST_POSTGRESQL_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/postgres',
};

/** In memory if possible, because these tests do not depend on a disk. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

export const SQLITE: TestDatabase = {
  provider: 'sqlite',
  name: 'SQLite',
  version: '',
  available: true,
  create() {
    const folder = mkdtempSync(join(FOLDER, 'gatehouse-test-'));
    return Promise.resolve({
      url: `file:${join(folder, 'test.db')}`,
      drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    });
  },
};

async function server(provider: 'mysql' | 'postgresql', dropOptions: string): Promise<TestDatabase> {
  const url = SERVERS[provider];
  let name = provider === 'mysql' ? 'MariaDB' : 'PostgreSQL';
  let [version, problem]: [string, string | undefined] = ['', undefined];
  try {
    const question = provider === 'mysql' ? 'SELECT VERSION()' : 'SHOW server_version';
    version = String((await execute(url, question))[0]?.[0]);
    if (provider === 'mysql' && !version.includes('MariaDB')) name = 'MySQL';
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    const text = `THIS MACHINE LACKS ${name}: ${problem}`;
    if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`, { cause: error });
    console.warn(`\n${text}\nThe tests that need it are skipped.\n`);
  }
  return {
    provider,
    name,
    version,
    available: problem === undefined,
    async create() {
      const database = `gatehouse_test_${randomBytes(8).toString('hex')}`;
      await execute(url, `CREATE DATABASE ${database}`);
      const own = new URL(url);
      own.pathname = `/${database}`;
      return {
        url: own.href,
        drop: async () => void (await execute(url, `DROP DATABASE IF EXISTS ${database}${dropOptions}`)),
      };
    },
  };
}

async function execute(url: string, sql: string): Promise<unknown[][]> {
  const database = await openDatabase(url, { acquireTimeoutMs: 5000 });
  const connection = await database.adapter.connect();
  try {
    return (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
  } finally {
    await connection.dispose();
    await database.close();
  }
}

/** MySQL if TEST_MYSQL_URL names a MySQL server. */
export const MARIADB = await server('mysql', '');
export const POSTGRESQL = await server('postgresql', ' WITH (FORCE)');

/** Every database that Gatehouse runs on. */
export const DATABASES: readonly TestDatabase[] = [SQLITE, MARIADB, POSTGRESQL];
