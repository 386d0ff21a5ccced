import type { PrismaClient } from '../generated/sqlite/client.ts';
import { DatabaseOpenError } from './database-open-error.ts';
import type { Connections, Database, DriverOptions, OpenOptions } from './database.ts';
import { prepareSelect, type SelectingAdapter } from './prepared-select.ts';
import { providerOf, type Provider } from './provider.ts';

/** The module of a generated client. For its type, see `Database.prisma`. */
interface Client {
  PrismaClient: typeof PrismaClient;
}

interface Driver {
  open(url: string, options: DriverOptions): Promise<Connections>;
  client(): Promise<Client>;
}

/** The driver and client of each database, imported only if `DATABASE_URL` uses them. */
const DRIVERS: Readonly<Record<Provider, Driver>> = {
  sqlite: {
    open: async (url, options) => (await import('./sqlite/open-sqlite.ts')).openSqlite(url, options),
    client: () => import('../generated/sqlite/client.ts'),
  },
  mysql: {
    open: async (url, options) => (await import('./mysql/open-mysql.ts')).openMysql(url, options),
    client: () => import('../generated/mysql/client.ts') as unknown as Promise<Client>,
  },
  postgresql: {
    open: async (url, options) => (await import('./postgresql/open-postgresql.ts')).openPostgresql(url, options),
    client: () => import('../generated/postgresql/client.ts') as unknown as Promise<Client>,
  },
};

/**
 * Opens the database of a `DATABASE_URL`: `file:data/gatehouse.db`, relative to the working directory or absolute;
 * `mysql://user:password@host/database` for MySQL and MariaDB; `postgresql://user:password@host/database`.
 * Throws DatabaseOpenError.
 */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  const provider = providerOf(url);
  if (!provider) {
    throw new DatabaseOpenError(
      url,
      'this kind of database is not supported. Set DATABASE_URL to file:data/gatehouse.db, for example, or to a mysql:// or postgresql:// address.',
    );
  }
  const driver = DRIVERS[provider];
  const driverOptions = withDefaults(options);
  const [{ adapter, maintenance, pooler, listen }, { PrismaClient }] = await Promise.all([
    driver.open(url, driverOptions),
    driver.client(),
  ]);
  // By default Prisma waits 2 s for a transaction to start. Wait longer than our own timeouts, so that those apply.
  const transactionOptions = { maxWait: Math.max(driverOptions.busyTimeoutMs, driverOptions.acquireTimeoutMs) + 500 };
  // Shared by Prisma's client and the prepared statements.
  const connected: SelectingAdapter = await adapter.connect();
  const prisma = new PrismaClient({ adapter: { ...adapter, connect: async () => connected }, transactionOptions, errorFormat: 'minimal' });
  await prisma.$connect();
  return {
    provider,
    prisma,
    prepareSelect: (text) => prepareSelect(connected, provider, text),
    adapter: maintenance,
    pooler,
    listen,
    close: () => prisma.$disconnect(),
  };
}

const withDefaults = ({
  onQuery,
  busyTimeoutMs = 1500,
  acquireTimeoutMs = 800,
  statementTimeoutMs = 1000,
}: OpenOptions): DriverOptions => ({ onQuery, busyTimeoutMs, acquireTimeoutMs, statementTimeoutMs });
