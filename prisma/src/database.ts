import type { SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
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
  /** New connections of their own, one each and unbounded in time, for migrations and Prisma's schema engine. */
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  /** PostgreSQL behind a pooler that keeps no settings of a session, such as pgbouncer; undefined: asked directly. */
  readonly pooler: PoolerFacts | undefined;
  /** Open transactions are rolled back. Safe to call twice. */
  close(): Promise<void>;
}

/** What connections through a pooler are set to, by the server, the database or the role. 0: no limit. */
export interface PoolerFacts {
  /** A single statement has no other limit on the server; those of a transaction have the one that was asked for. */
  readonly statementTimeoutMs: number;
  readonly idleTransactionTimeoutMs: number;
}

export interface OpenOptions {
  /** Called with every statement that goes to the driver, transaction control included, each before its first attempt. */
  onQuery?: (sql: string) => void;
  /** SQLite only: how long a write waits for another writer before it fails. Default 1500 ms. */
  busyTimeoutMs?: number;
  /** MySQL and PostgreSQL: how long a statement waits for a connection, made or free, before it fails. Default 800 ms. */
  acquireTimeoutMs?: number;
  /** MySQL and PostgreSQL: how long a statement may run before it is ended. Default 1000 ms; 200 ms later its connection is cut. */
  statementTimeoutMs?: number;
}

/** What a driver gives. */
export interface Connections {
  /** For the client. */
  readonly adapter: SqlDriverAdapterFactory;
  /** See `Database.adapter`. */
  readonly maintenance: SqlMigrationAwareDriverAdapterFactory;
  /** See `Database.pooler`. */
  readonly pooler?: PoolerFacts | undefined;
}

/** The same with the defaults filled in, as a driver gets them. */
export interface DriverOptions {
  onQuery: OpenOptions['onQuery'];
  busyTimeoutMs: number;
  acquireTimeoutMs: number;
  statementTimeoutMs: number;
}
