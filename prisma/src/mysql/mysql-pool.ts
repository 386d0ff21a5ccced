import type { Pool, PoolConnection, QueryOptions } from 'mariadb';
import { connectionLost, timedOut } from '../server/connection-errors.ts';
import type { TimeLimits } from '../server/time-limits.ts';
import { connectMysql, type MysqlConnection, type MysqlConnectionOptions } from './mysql-connection.ts';
import { assertFitsPacket } from './packet-limit.ts';

export interface MysqlPoolOptions extends MysqlConnectionOptions {
  readonly connectionLimit: number;
  readonly limits: TimeLimits;
  /** The server's max_allowed_packet. */
  readonly maxPacketBytes: number;
}

const IDLE_TIMEOUT_MS = 30_000;

/** What Prisma's adapter asks of the driver's pool. */
export type MysqlPool = Pick<Pool, 'getConnection' | 'query' | 'execute' | 'end'>;

/**
 * A pool in place of the driver's own, which (seen in 3.4.5) makes connections one after the other, pauses up to 10 s between
 * attempts once a server has been away, pings before use, and has no limit for a statement that leaves idle
 * connections alone. Here a statement without an answer in time takes its connection with it, and a server that is
 * back is used at once.
 */
export function mysqlPool({ connectionLimit, limits, maxPacketBytes, ...options }: MysqlPoolOptions): MysqlPool {
  const idle: { connection: MysqlConnection; expiry: NodeJS.Timeout }[] = [];
  const waiting = new Set<() => void>();
  let open = 0;
  let ended = false;

  /** Waits for a free place, makes or takes a connection: all of it within the limit. */
  async function acquire(): Promise<MysqlConnection> {
    const deadline = performance.now() + limits.acquireMs;
    for (;;) {
      if (ended) throw connectionLost(new Error('The pool is closed.'));
      const entry = idle.pop();
      if (entry) {
        clearTimeout(entry.expiry);
        if (entry.connection.isUsable()) return entry.connection;
        open -= 1;
      } else if (open < connectionLimit) {
        return make(deadline);
      } else {
        await turn(deadline);
      }
    }
  }

  async function make(deadline: number): Promise<MysqlConnection> {
    open += 1;
    try {
      return await connectMysql(options, deadline - performance.now());
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Resolves when a connection, or the place for one, may be free. */
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

  function giveBack(connection: MysqlConnection): void {
    if (ended || !connection.isUsable()) {
      void connection.close();
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
    void entry.connection.close();
  }

  const assertFits = (sql: string | QueryOptions, values: unknown): void =>
    assertFitsPacket(typeof sql === 'string' ? sql : sql.sql, values, maxPacketBytes);

  async function single<T>(
    sql: string | QueryOptions,
    values: unknown,
    statement: (driver: MysqlConnection['driver']) => Promise<T>,
  ): Promise<T> {
    assertFits(sql, values);
    const connection = await acquire();
    try {
      return await connection.bounded(statement, limits.clientMs);
    } finally {
      giveBack(connection);
    }
  }

  /** A connection for a transaction. */
  async function getConnection(): Promise<PoolConnection> {
    const connection = await acquire();
    const { driver } = connection;
    let released = false;
    const own = {
      on: driver.on.bind(driver),
      off: driver.off.bind(driver),
      async query(sql: string | QueryOptions, values?: unknown) {
        assertFits(sql, values);
        try {
          return await connection.bounded(() => driver.query(sql, values), limits.clientMs);
        } catch (error) {
          // What did not end is never given back: whoever got it next would be part of it.
          if (/^(COMMIT|ROLLBACK)$/.test(typeof sql === 'string' ? sql : sql.sql)) connection.cut();
          throw error;
        }
      },
      async execute(sql: string | QueryOptions, values?: unknown) {
        assertFits(sql, values);
        return connection.bounded(() => driver.execute(sql, values), limits.clientMs);
      },
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
    query: <T>(sql: string | QueryOptions, values?: unknown) => single(sql, values, (driver) => driver.query<T>(sql, values)),
    execute: <T>(sql: string | QueryOptions, values?: unknown) => single(sql, values, (driver) => driver.execute<T>(sql, values)),
    async end() {
      ended = true;
      for (const enter of waiting) enter();
      waiting.clear();
      await Promise.all(
        idle.splice(0).map(({ connection, expiry }) => {
          clearTimeout(expiry);
          return connection.close();
        }),
      );
    },
  };
}
