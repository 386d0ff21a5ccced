import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { PrismaClient } from '../generated/sqlite/client.ts';
import { DatabaseOpenError } from './database-open-error.ts';
import type { Database, DriverOptions, OpenOptions } from './database.ts';
import { providerOf, type Provider } from './provider.ts';

interface Driver {
  open(url: string, options: DriverOptions): Promise<SqlMigrationAwareDriverAdapterFactory>;
  client(): Promise<{ PrismaClient: typeof PrismaClient }>;
}

/** Each database's driver and client, imported only where `DATABASE_URL` asks for them. */
const DRIVERS: Readonly<Partial<Record<Provider, Driver>>> = {
  sqlite: {
    open: async (url, options) => (await import('./sqlite/open-sqlite.ts')).openSqlite(url, options),
    client: () => import('../generated/sqlite/client.ts'),
  },
};

/**
 * Opens the database of a `DATABASE_URL`: `file:data/gatehouse.db`, relative to the working directory or absolute.
 * Throws DatabaseOpenError.
 */
export async function openDatabase(url: string, { onQuery, busyTimeoutMs = 1500 }: OpenOptions = {}): Promise<Database> {
  const provider = providerOf(url);
  const driver = provider && DRIVERS[provider];
  if (!driver)
    throw new DatabaseOpenError(url, 'this kind of database is not supported. Set DATABASE_URL to file:data/gatehouse.db, for example.');
  const [adapter, { PrismaClient }] = await Promise.all([driver.open(url, { onQuery, busyTimeoutMs }), driver.client()]);
  // Prisma gives up on a transaction that has not begun after 2 s; the bound that holds is ours.
  const transactionOptions = { maxWait: busyTimeoutMs + 500 };
  const prisma = new PrismaClient({ adapter, transactionOptions, errorFormat: 'minimal' });
  await prisma.$connect();
  return { provider, prisma, adapter, close: () => prisma.$disconnect() };
}
