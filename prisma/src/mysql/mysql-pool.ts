import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { Connection, ConnectionConfig, Pool, PoolConnection, QueryOptions, SqlError } from 'mariadb';
import { connectionLost, notReachable, timedOut } from '../server/connection-errors.ts';
import type { TimeLimits } from '../server/time-limits.ts';

export interface MysqlPoolOptions {
  connect: (config: ConnectionConfig) => Promise<Connection>;
  config: ConnectionConfig;
  /** Run once on every new connection. Not the driver's `initSql`, a failure of which ends the process (3.4.5). */
  settings: readonly string[];
  connectionLimit: number;
  limits: TimeLimits;
}

const IDLE_TIMEOUT_MS = 30_000;

/** What Prisma's adapter asks of the driver's pool. */
export type MysqlPool = Pick<Pool, 'getConnection' | 'query' | 'execute' | 'end'>;

/**
 * A pool in place of the driver's own, which (3.4.5) makes connections one after the other, pauses up to 10 s between
 * attempts once a server has been away, pings before use, and has no limit for a statement that leaves idle
 * connections alone. Here a statement without an answer in time takes its connection with it, and a server that is
 * back is used at once.
 */
export function mysqlPool({ connect, config, settings, connectionLimit, limits }: MysqlPoolOptions): MysqlPool {
  const idle: { connection: Connection; expiry: NodeJS.Timeout }[] = [];
  const waiting = new Set<() => void>();
  let open = 0;
  let ended = false;

  /** Waits for a free place, makes or takes a connection: all of it within the limit. */
  async function acquire(): Promise<Connection> {
    const deadline = performance.now() + limits.acquireMs;
    for (;;) {
      if (ended) throw connectionLost(new Error('The pool is closed'));
      const entry = idle.pop();
      if (entry) {
        clearTimeout(entry.expiry);
        if (entry.connection.isValid()) return entry.connection;
        open -= 1;
        continue;
      }
      if (open < connectionLimit) return make(deadline);
      await turn(deadline);
    }
  }

  async function make(deadline: number): Promise<Connection> {
    open += 1;
    let connection: Connection | undefined;
    const left = (): number => Math.max(1, Math.ceil(deadline - performance.now()));
    try {
      const made = await connect({ ...config, connectTimeout: left() });
      connection = made;
      // Lost while idle: found out when it is taken. Without a listener it would end the process.
      made.on('error', () => undefined);
      await within(left(), made, Promise.all(settings.map((sql) => made.query(sql))));
      return made;
    } catch (error) {
      connection?.destroy();
      leave();
      throw isFromServer(error) || error instanceof DriverAdapterError ? error : notReachable(error);
    }
  }

  function turn(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(enter);
        reject(timedOut('The wait for a connection', limits.acquireMs));
      }, deadline - performance.now());
      waiting.add(enter);
    });
  }

  function next(): void {
    const [enter] = waiting;
    if (!enter) return;
    waiting.delete(enter);
    enter();
  }

  function leave(): void {
    open -= 1;
    next();
  }

  function giveBack(connection: Connection): void {
    if (ended || !connection.isValid()) {
      connection.destroy();
      leave();
      return;
    }
    const entry = { connection, expiry: setTimeout(() => drop(entry), IDLE_TIMEOUT_MS).unref() };
    idle.push(entry);
    next();
  }

  function drop(entry: (typeof idle)[number]): void {
    idle.splice(idle.indexOf(entry), 1);
    open -= 1;
    entry.connection.end().catch(() => undefined);
  }

  async function bounded<T>(connection: Connection, statement: () => Promise<T>): Promise<T> {
    try {
      return await (limits.clientMs === undefined ? statement() : within(limits.clientMs, connection, statement()));
    } catch (error) {
      throw isLost(error) ? connectionLost(error) : error;
    }
  }

  async function single<T>(statement: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await acquire();
    try {
      return await bounded(connection, () => statement(connection));
    } finally {
      giveBack(connection);
    }
  }

  /** A connection for a transaction. */
  async function getConnection(): Promise<PoolConnection> {
    const connection = await acquire();
    let released = false;
    const own = {
      on: connection.on.bind(connection),
      off: connection.off.bind(connection),
      query: (sql: string | QueryOptions, values?: unknown) => bounded(connection, () => connection.query(sql, values)),
      execute: (sql: string | QueryOptions, values?: unknown) => bounded(connection, () => connection.execute(sql, values)),
      release() {
        if (!released) giveBack(connection);
        released = true;
        return Promise.resolve();
      },
    };
    return own as unknown as PoolConnection;
  }

  return {
    getConnection,
    query: <T>(sql: string | QueryOptions, values?: unknown) => single((connection) => connection.query<T>(sql, values)),
    execute: <T>(sql: string | QueryOptions, values?: unknown) => single((connection) => connection.execute<T>(sql, values)),
    async end() {
      ended = true;
      for (const enter of waiting) enter();
      waiting.clear();
      await Promise.all(
        idle.splice(0).map(({ connection, expiry }) => {
          clearTimeout(expiry);
          return connection.end().catch(() => undefined);
        }),
      );
    },
  };
}

/** The connection of a statement that is late is cut. */
async function within<T>(limitMs: number, connection: Connection, statement: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(timedOut('A statement', limitMs));
      connection.destroy();
    }, limitMs);
  });
  try {
    return await Promise.race([statement, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The driver's own errors have numbers of their own, from 45001 on. */
const isFromServer = (error: unknown): boolean => {
  const { errno, sqlState } = error as Partial<SqlError>;
  return typeof errno === 'number' && errno > 0 && errno < 45_000 && typeof sqlState === 'string';
};

const isLost = (error: unknown): boolean => (error as Partial<SqlError>).fatal === true && !isFromServer(error);
