import type { SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { PrismaClient } from '../generated/sqlite/client.ts';
import type { PreparedSelect } from './prepared-select.ts';
import type { Provider } from './provider.ts';

/** An open relational database. */
export interface Database {
  readonly provider: Provider;
  /**
   * The typed client. Every database uses the type of SQLite's client: the models are the same, and features that a database lacks
   * (`mode: 'insensitive'`, `skipDuplicates`) are not used.
   */
  readonly prisma: PrismaClient;
  /**
   * Prepares a SELECT that runs with every request. Parameters are written as `?`; the text must name its columns.
   *
   *     const byHandle = database.prepareSelect<{ data: string }>('SELECT data FROM gatehouse_session WHERE handle = ?');
   *     const [row] = await byHandle(['ses_…']);
   *
   * A time is epoch milliseconds or an ISO text, an integer can be a bigint or text: see prepared-select.ts.
   */
  prepareSelect<Row>(text: string): PreparedSelect<Row>;
  /** Opens separate connections without timeouts, for migrations and Prisma's schema engine. */
  readonly adapter: SqlMigrationAwareDriverAdapterFactory;
  /** Set if PostgreSQL is behind a pooler that does not keep session settings, such as pgbouncer. */
  readonly pooler: PoolerFacts | undefined;
  /** Receives the notifications of a channel: on PostgreSQL without a pooler, which would not pass them on. */
  readonly listen: Listen | undefined;
  /** Open transactions are rolled back. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Resolves when no later notification can be missed, and returns a function that closes the connection. Rejects if the server cannot be
 * reached. After `onLost`, which is called at most once, there are no more notifications.
 */
export type Listen = (channel: string, listener: ChannelListener) => Promise<() => Promise<void>>;

export interface ChannelListener {
  onMessage(message: string): void;
  /** The connection was lost. */
  onLost(): void;
}

/** Timeouts of connections through a pooler, as set for the server, database or role. 0 = none. */
export interface PoolerFacts {
  /** The only server-side timeout of a single statement. Transactions set their own. */
  readonly statementTimeoutMs: number;
  readonly idleTransactionTimeoutMs: number;
}

export interface OpenOptions {
  /** Called with every statement, including transaction control, before its first attempt. */
  onQuery?: (sql: string) => void;
  /** SQLite only: how long a write waits for another writer before it fails. Default: 1500. */
  busyTimeoutMs?: number;
  /** MySQL and PostgreSQL: how long a statement waits for a free or new connection before it fails. Default: 800. */
  acquireTimeoutMs?: number;
  /** MySQL and PostgreSQL: how long a statement may run. 200 ms later its connection is closed. Default: 1000. */
  statementTimeoutMs?: number;
}

/** The adapters that a driver provides. */
export interface Connections {
  /** For Prisma's client. */
  readonly adapter: SqlDriverAdapterFactory;
  /** See `Database.adapter`. */
  readonly maintenance: SqlMigrationAwareDriverAdapterFactory;
  /** See `Database.pooler`. */
  readonly pooler?: PoolerFacts | undefined;
  /** See `Database.listen`. */
  readonly listen?: Listen | undefined;
}

/** `OpenOptions` with the defaults filled in. */
export interface DriverOptions {
  onQuery: OpenOptions['onQuery'];
  busyTimeoutMs: number;
  acquireTimeoutMs: number;
  statementTimeoutMs: number;
}
