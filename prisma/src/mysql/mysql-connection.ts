import { connect as connectSocket, type Socket, type TcpNetConnectOpts } from 'node:net';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { createConnection, type Connection, type ConnectionConfig, type SqlError } from 'mariadb';
import { connectionLost, notReachable, timedOut } from '../server/connection-errors.ts';
import { PACKET_TOO_LARGE } from './packet-limit.ts';

export interface MysqlConnectionOptions {
  readonly target: Pick<TcpNetConnectOpts, 'host' | 'port'> | { readonly path: string };
  readonly config: ConnectionConfig;
  /** Statements for every new connection. Not passed as the driver's `initSql`, whose failure ends the process (seen in 3.4.5). */
  readonly settings: readonly string[];
}

export interface MysqlConnection {
  readonly driver: Connection;
  readonly isUsable: () => boolean;
  /** Closes the socket immediately. */
  readonly cut: () => void;
  /** Runs a statement with a timeout, after which the connection is cut. */
  bounded<T>(statement: (driver: Connection) => Promise<T>, timeoutMs: number | undefined): Promise<T>;
  /** Closes the connection gracefully, or cuts it if the server does not respond. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 500;

/**
 * Opens a connection within the timeout. We create the socket, because the driver drops a busy connection by opening another one to kill the
 * statement, and if that fails the process ends (seen in 3.4.5).
 */
export async function connectMysql({ target, config, settings }: MysqlConnectionOptions, timeoutMs: number): Promise<MysqlConnection> {
  const deadline = performance.now() + timeoutMs;
  const socket = connectSocket(target as TcpNetConnectOpts);
  try {
    // The type requires a callback, which the driver does not need.
    const stream = (() => socket) as unknown as NonNullable<ConnectionConfig['stream']>;
    const connection = wrap(await createConnection({ ...config, stream, connectTimeout: Math.max(1, Math.ceil(timeoutMs)) }), socket);
    await connection.bounded((driver) => Promise.all(settings.map((sql) => driver.query(sql))), Math.max(1, deadline - performance.now()));
    return connection;
  } catch (error) {
    socket.destroy();
    throw isFromServer(error) || error instanceof DriverAdapterError ? error : notReachable(error);
  }
}

function wrap(driver: Connection, socket: Socket): MysqlConnection {
  let isCut = false;
  // An idle connection that is lost is detected when it is acquired. Without a listener, the event would end the process.
  driver.on('error', () => undefined);

  function cut(): void {
    isCut = true;
    socket.destroy(new Error('The connection was cut.'));
  }

  async function bounded<T>(statement: (driver: Connection) => Promise<T>, timeoutMs: number | undefined): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      if (timeoutMs === undefined) return;
      timer = setTimeout(() => {
        reject(timedOut('A statement', timeoutMs));
        cut();
      }, timeoutMs);
    });
    try {
      return await Promise.race([statement(driver), late]);
    } catch (error) {
      // The server has closed the connection, or is about to.
      if ((error as Partial<SqlError>).errno === PACKET_TOO_LARGE) cut();
      throw isLost(error) ? connectionLost(error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    driver,
    isUsable: () => !isCut && driver.isValid(),
    cut,
    bounded,
    close: () => bounded(() => driver.end(), CLOSE_TIMEOUT_MS).catch(() => undefined),
  };
}

/** The driver's own errors have numbers from 45001 on. */
const isFromServer = (error: unknown): boolean => {
  const { errno, sqlState } = error as Partial<SqlError>;
  return typeof errno === 'number' && errno > 0 && errno < 45_000 && typeof sqlState === 'string';
};

const isLost = (error: unknown): boolean => (error as Partial<SqlError>).fatal === true && !isFromServer(error);
