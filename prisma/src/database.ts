import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { PrismaClient } from '../generated/sqlite/client.ts';
import type { Provider } from './provider.ts';

/** An open relational database. */
export interface Database {
  readonly provider: Provider;
  /**
   * The typed client. Its type is that of SQLite's client on every database: the models are the same, and what one
   * database lacks (`mode: 'insensitive'`, `skipDuplicates`) is not used here.
   */
  readonly prisma: PrismaClient;
  /** New connections of their own, for migrations and Prisma's schema engine. */
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  /** Open transactions are rolled back. Safe to call twice. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Called with every statement that goes to the driver, transaction control included, each before its first attempt. */
  onQuery?: (sql: string) => void;
  /** SQLite only: how long a write waits for another writer before it fails. Default 1500 ms. */
  busyTimeoutMs?: number;
}

/** The same with the defaults filled in, as a driver gets them. */
export interface DriverOptions {
  onQuery: OpenOptions['onQuery'];
  busyTimeoutMs: number;
}
