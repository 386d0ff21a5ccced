import { connect as connectSocket, type Socket, type TcpNetConnectOpts } from 'node:net';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { createConnection, type Connection, type ConnectionConfig, type SqlError } from 'mariadb';
import { connectionLost, notReachable, timedOut } from '../server/connection-errors.ts';
import { PACKET_TOO_LARGE } from './packet-limit.ts';

export interface MysqlConnectionOptions {
  readonly place: Pick<TcpNetConnectOpts, 'host' | 'port'> | { readonly path: string };
  readonly config: ConnectionConfig;
  /** Run once on every new connection. Not the driver's `initSql`, a failure of which ends the process (seen in 3.4.5). */
  readonly settings: readonly string[];
}

/** A connection that can be cut. */
export interface MysqlConnection {
  readonly driver: Connection;
  readonly isUsable: () => boolean;
  /** Drops it as it is. */
  readonly cut: () => void;
  /** With a limit, the connection is cut when the statement is late. */
  bounded<T>(statement: (driver: Connection) => Promise<T>, limitMs: number | undefined): Promise<T>;
  /** In order, or by cutting it where the server does not answer. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 500;

/**
 * A new connection, within the limit. Its socket is ours: the driver's own way to drop one that waits for an answer
 * opens another, to kill the statement, and when that fails the process ends (seen in 3.4.5).
 */
export async function connectMysql({ place, config, settings }: MysqlConnectionOptions, limitMs: number): Promise<MysqlConnection> {
  const deadline = performance.now() + limitMs;
  const socket = connectSocket(place as TcpNetConnectOpts);
  let made: MysqlConnection | undefined;
  try {
    // The type asks for a callback that the driver does without.
    const stream = (() => socket) as unknown as NonNullable<ConnectionConfig['stream']>;
    made = wrap(await createConnection({ ...config, stream, connectTimeout: Math.max(1, Math.ceil(limitMs)) }), socket);
    await made.bounded((driver) => Promise.all(settings.map((sql) => driver.query(sql))), Math.max(1, deadline - performance.now()));
    return made;
  } catch (error) {
    socket.destroy();
    throw isFromServer(error) || error instanceof DriverAdapterError ? error : notReachable(error);
  }
}

function wrap(driver: Connection, socket: Socket): MysqlConnection {
  let isCut = false;
  // One that is lost while nobody uses it is found out when it is taken. Without a listener it would end the process.
  driver.on('error', () => undefined);

  function cut(): void {
    isCut = true;
    socket.destroy(new Error('The connection was cut.'));
  }

  async function bounded<T>(statement: (driver: Connection) => Promise<T>, limitMs: number | undefined): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      if (limitMs === undefined) return;
      timer = setTimeout(() => {
        reject(timedOut('A statement', limitMs));
        cut();
      }, limitMs);
    });
    try {
      return await Promise.race([statement(driver), late]);
    } catch (error) {
      // The server has ended the connection, or is about to.
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

/** The driver's own errors have numbers of their own, from 45001 on. */
const isFromServer = (error: unknown): boolean => {
  const { errno, sqlState } = error as Partial<SqlError>;
  return typeof errno === 'number' && errno > 0 && errno < 45_000 && typeof sqlState === 'string';
};

const isLost = (error: unknown): boolean => (error as Partial<SqlError>).fatal === true && !isFromServer(error);
