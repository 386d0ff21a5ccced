import { PrismaMariaDb } from '@prisma/adapter-mariadb';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { ConnectionConfig, Pool } from 'mariadb';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { Connections, DriverOptions } from '../database.ts';
import { serverAdapter } from '../server/server-adapter.ts';
import { serverTls } from '../server/server-tls.ts';
import type { ServerUrl } from '../server/server-url.ts';
import { patient, timeLimits, UNLIMITED, type TimeLimits } from '../server/time-limits.ts';
import { connectMysql, type MysqlConnectionOptions } from './mysql-connection.ts';
import { mysqlPool } from './mysql-pool.ts';
import { mysqlProblem } from './mysql-problem.ts';
import { mysqlUrl, TLS } from './mysql-url.ts';

/** Repeated texts are prepared once a connection: there are a few dozen. */
const PREPARED_STATEMENTS = 128;

/** Connections to a database of MariaDB or MySQL. Throws DatabaseOpenError where there are none to be had. */
export async function openMysql(url: string, options: DriverOptions): Promise<Connections> {
  const address = mysqlUrl(url);
  const place = { host: address.host, port: address.port, socket: address.socket };
  const common = connectionConfig(url, address);
  let maxPacketBytes = Infinity;

  async function connect(limits: TimeLimits, config: ConnectionConfig, connectionLimit: number): Promise<SqlDriverAdapter> {
    const pool = mysqlPool({ place: placeOf(address), config, settings: sessionSettings(limits), connectionLimit, limits, maxPacketBytes });
    // Statements of a migration cannot all be prepared, and one script holds many.
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
    connectToShadowDb: () => Promise.reject(new Error("Prisma's schema engine does not speak MySQL here.")),
  };

  try {
    // Not through the adapter, whose first question, for the version, takes no answer for an answer.
    const limits = patient(timeLimits(options), address.connectTimeoutMs);
    const probe = await connectMysql({ place: placeOf(address), config: common, settings: sessionSettings(limits) }, limits.acquireMs);
    const [row] = await probe.bounded(
      (driver) => driver.query<{ bytes: number | bigint }[]>('SELECT @@max_allowed_packet AS bytes'),
      limits.clientMs,
    );
    maxPacketBytes = Number(row?.bytes ?? Infinity);
    await probe.close();
  } catch (error) {
    throw new DatabaseOpenError(
      url,
      await mysqlProblem(error, { ...place, database: address.database, hasTls: common.ssl !== undefined, words: TLS }),
      { cause: error },
    );
  }
  return { adapter, maintenance };
}

const placeOf = ({ host, port, socket }: ServerUrl): MysqlConnectionOptions['place'] =>
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
    // UPDATE says how many rows it found, not how many look different now: a row that is rewritten as it was counts.
    foundRows: true,
    // MySQL 8 asks for the password under its public key where there is no TLS: another machine's key could be anyone's.
    allowPublicKeyRetrieval: socket !== undefined || /^(localhost|127(\.\d+){3}|::1)$/.test(host),
    prepareCacheLength: PREPARED_STATEMENTS,
    keepAliveDelay: 10_000,
    // Its default is to write warnings to the console.
    logger: { warning: () => undefined },
  };
}

/**
 * READ COMMITTED: a statement sees what was committed before it began and locks the rows that it changes, not the
 * gaps between them, over which sign-ins would deadlock. The mode is strict, so that nothing is cut to fit.
 */
function sessionSettings({ serverMs }: TimeLimits): string[] {
  return [
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
    ...(serverMs === undefined
      ? []
      : [
          // The second is for tables that are locked whole: MySQL would do the write when they are free, long after it was given up.
          `SET SESSION innodb_lock_wait_timeout = ${lockSeconds(serverMs)}, lock_wait_timeout = ${lockSeconds(serverMs)}`,
          // MariaDB alone reads these comments; MySQL can bound reads only.
          `/*M! SET SESSION max_statement_time = ${serverMs / 1000} */`,
          `/*!80000 SET SESSION max_execution_time = ${serverMs} */`,
        ]),
  ];
}

const lockSeconds = (ms: number): number => Math.max(1, Math.floor(ms / 1000));
