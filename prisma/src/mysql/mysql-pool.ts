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

/** The part of the driver's pool that Prisma's adapter uses. */
export type MysqlPool = Pick<Pool, 'getConnection' | 'query' | 'execute' | 'end'>;

/**
 * Replaces the driver's pool, which (seen in 3.4.5) opens connections one after the other, pauses up to 10 s between attempts after an
 * outage, pings before use, and has no statement timeout that spares idle connections. In this pool a statement that times out closes its
 * connection, and a server is used again as soon as it is back.
 */
export function mysqlPool({ connectionLimit, limits, maxPacketBytes, ...options }: MysqlPoolOptions): MysqlPool {
  const idle: { connection: MysqlConnection; expiry: NodeJS.Timeout }[] = [];
  const waiting = new Set<() => void>();
  let openCount = 0;
  let ended = false;

  /** Takes an idle connection or opens one, waiting if the pool is full. The timeout covers all of it. */
  async function acquire(): Promise<MysqlConnection> {
    const deadline = performance.now() + limits.acquireMs;
    for (;;) {
      if (ended) throw connectionLost(new Error('The pool is closed.'));
      const entry = idle.pop();
      if (entry) {
        clearTimeout(entry.expiry);
        if (entry.connection.isUsable()) return entry.connection;
        openCount -= 1;
      } else if (openCount < connectionLimit) {
        return open(deadline);
      } else {
        await waitForSlot(deadline);
      }
    }
  }

  async function open(deadline: number): Promise<MysqlConnection> {
    openCount += 1;
    try {
      return await connectMysql(options, deadline - performance.now());
    } catch (error) {
      freeSlot();
      throw error;
    }
  }

  /** Resolves when a connection, or a slot for one, may be free. */
  function waitForSlot(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(wake);
        reject(timedOut('The wait for a connection', limits.acquireMs));
      }, deadline - performance.now());
      waiting.add(wake);
    });
  }

  function wakeNext(): void {
    const [wake] = waiting;
    if (!wake) return;
    waiting.delete(wake);
    wake();
  }

  function freeSlot(): void {
    openCount -= 1;
    wakeNext();
  }

  function release(connection: MysqlConnection): void {
    if (ended || !connection.isUsable()) {
      void connection.close();
      freeSlot();
      return;
    }
    const entry = { connection, expiry: setTimeout(() => expire(entry), IDLE_TIMEOUT_MS).unref() };
    idle.push(entry);
    wakeNext();
  }

  function expire(entry: (typeof idle)[number]): void {
    idle.splice(idle.indexOf(entry), 1);
    openCount -= 1;
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
      release(connection);
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
          // Never release a connection with an open transaction, or its next user would be part of it.
          if (/^(COMMIT|ROLLBACK)$/.test(typeof sql === 'string' ? sql : sql.sql)) connection.cut();
          throw error;
        }
      },
      async execute(sql: string | QueryOptions, values?: unknown) {
        assertFits(sql, values);
        return connection.bounded(() => driver.execute(sql, values), limits.clientMs);
      },
      release() {
        if (!released) release(connection);
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
      for (const wake of waiting) wake();
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
