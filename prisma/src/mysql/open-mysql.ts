import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { ConnectionConfig, Pool } from 'mariadb';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { Connections, DriverOptions } from '../database.ts';
import { serverAdapter } from '../server/server-adapter.ts';
import { serverTls } from '../server/server-tls.ts';
import type { ServerUrl } from '../server/server-url.ts';
import { openingLimits, timeLimits, UNLIMITED, type TimeLimits } from '../server/time-limits.ts';
import { connectMysql, type MysqlConnectionOptions } from './mysql-connection.ts';
import { mysqlPool } from './mysql-pool.ts';
import { mysqlProblem } from './mysql-problem.ts';
import { mysqlUrl, TLS } from './mysql-url.ts';

/** Per connection. There are a few dozen different statements. */
const PREPARED_STATEMENTS = 128;

/** Opens connections to a MariaDB or MySQL database. @throws DatabaseOpenError */
export async function openMysql(url: string, options: DriverOptions): Promise<Connections> {
  const address = mysqlUrl(url);
  const target = { host: address.host, port: address.port, socket: address.socket };
  const common = connectionConfig(url, address);
  let maxPacketBytes = Infinity;

  async function connect(limits: TimeLimits, config: ConnectionConfig, connectionLimit: number): Promise<SqlDriverAdapter> {
    const pool = mysqlPool({
      target: connectTarget(address),
      config,
      settings: sessionSettings(limits),
      connectionLimit,
      limits,
      maxPacketBytes,
    });
    // Not all statements of a migration can be prepared, and one script contains several.
    const prismaOptions = { database: address.database, disposeExternalPool: true, useTextProtocol: config.multipleStatements === true };
    return new PrismaMariaDb(pool as Pool, prismaOptions).connect();
  }

  const adapter: SqlDriverAdapterFactory = {
    provider: 'mysql',
    adapterName: '@prisma/adapter-mariadb',
    connect: async () => serverAdapter(await connect(timeLimits(options), common, address.connectionLimit), options.onQuery),
  };
  const maintenance: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'mysql',
    adapterName: adapter.adapterName,
    connect: async () => serverAdapter(await connect(UNLIMITED, { ...common, multipleStatements: true }, 1), undefined),
    connectToShadowDb: () => Promise.reject(new Error("Prisma's schema engine does not support MySQL here.")),
  };

  try {
    // Not through the adapter, which ignores the failure of its first query.
    const limits = openingLimits(timeLimits(options), address.connectTimeoutMs);
    const probe = await connectMysql(
      { target: connectTarget(address), config: common, settings: sessionSettings(limits) },
      limits.acquireMs,
    );
    const [row] = await probe.bounded(
      (driver) => driver.query<{ bytes: number | bigint }[]>('SELECT @@max_allowed_packet AS bytes'),
      limits.clientMs,
    );
    maxPacketBytes = Number(row?.bytes ?? Infinity);
    await probe.close();
  } catch (error) {
    throw new DatabaseOpenError(
      url,
      await mysqlProblem(error, { ...target, database: address.database, hasTls: common.ssl !== undefined, words: TLS }),
      { cause: error },
    );
  }
  return { adapter, maintenance };
}

const connectTarget = ({ host, port, socket }: ServerUrl): MysqlConnectionOptions['target'] =>
  socket === undefined ? { host, port } : { path: socket };

function connectionConfig(url: string, address: ServerUrl): ConnectionConfig {
  const { host, port, socket, user = 'root', password, database } = address;
  const ssl = serverTls(url, address, TLS);
  return {
    host,
    port,
    user,
    ...(password !== undefined && { password }),
    database,
    ...(ssl && { ssl }),
    charset: 'utf8mb4',
    // UPDATE returns the number of matched rows, including those that did not change.
    foundRows: true,
    // Without TLS, MySQL 8 wants the password encrypted with its public key. Only accept a key from this machine, since others can be forged.
    allowPublicKeyRetrieval: socket !== undefined || /^(localhost|127(\.\d+){3}|::1)$/.test(host),
    prepareCacheLength: PREPARED_STATEMENTS,
    keepAliveDelay: 10_000,
    // By default the driver writes warnings to the console.
    logger: { warning: () => undefined },
  };
}

/**
 * READ COMMITTED: a statement sees what was committed before it started, and locks the rows that it changes but not the gaps between them,
 * which would cause deadlocks between sign-ins. In strict mode, values are never truncated.
 *
 * The second statement undoes defaults of a server that would break ours: without autocommit, a write is lost when its connection closes;
 * safe updates refuse to end all sessions; a limit of rows shortens lists; COMMIT could begin a transaction or close the connection.
 */
function sessionSettings({ serverMs }: TimeLimits): string[] {
  return [
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    "SET SESSION autocommit = 1, sql_safe_updates = 0, sql_select_limit = 18446744073709551615, completion_type = 'NO_CHAIN'",
    `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
    ...(serverMs === undefined
      ? []
      : [
          // lock_wait_timeout is for locked tables: MySQL would otherwise write when they are unlocked, long after the request timed out.
          `SET SESSION innodb_lock_wait_timeout = ${lockSeconds(serverMs)}, lock_wait_timeout = ${lockSeconds(serverMs)}`,
          // Only MariaDB executes the first comment, only MySQL the second. MySQL supports a timeout for reads only.
          `/*M! SET SESSION max_statement_time = ${serverMs / 1000} */`,
          `/*!80000 SET SESSION max_execution_time = ${serverMs} */`,
        ]),
  ];
}

const lockSeconds = (ms: number): number => Math.max(1, Math.floor(ms / 1000));
