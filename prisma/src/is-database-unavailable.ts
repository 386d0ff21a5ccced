import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/** https://www.prisma.io/docs/orm/reference/error-reference */
const PRISMA_CODES: ReadonlySet<string> = new Set([
  'P1001', // Not reachable.
  'P1002', // Reached, but not in time.
  'P1008', // No answer in time, no connection free in time, or locked for too long.
  'P1011', // No TLS connection.
  'P1017', // The server closed the connection.
  'P2024', // No connection free in time.
  'P2028', // A transaction did not begin, or did not end, in time.
  'P2034', // Conflicts with others, still after it was repeated.
  'P2037', // Too many connections.
]);

/** What Prisma has no code of its own for. */
const SQLITE_CODES = /^SQLITE_(BUSY|LOCKED|READONLY|FULL|IOERR|CANTOPEN|PROTOCOL|NOMEM)/;

/** https://mariadb.com/docs/server/reference/error-codes and https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html */
const MYSQL_CODES: ReadonlySet<string> = new Set([
  '1021', // Disk full.
  '1030', // Error from the storage engine: among others, no space.
  '1040', // Too many connections.
  '1053', // The server is shutting down.
  '1114', // The table is full.
  '1203', // Too many connections of this user.
  '1205', // Waited too long for a lock.
  '1226', // A limit of this user is used up.
  '1290', // The server runs with --read-only.
  '1317', // Interrupted.
  '1792', // In a read-only transaction.
  '1836', // Read-only mode.
  '1927', // The connection was killed.
  '1969', // MariaDB: max_statement_time.
  '3024', // MySQL: max_execution_time.
  '3100', // MySQL: a replication hook refused, as without a quorum.
]);

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions, insufficient resources,
 * operator intervention (shutdown, start, cancelled), system errors; lock not available, idle in transaction for too long, read-only.
 */
const POSTGRESQL_CODES = /^(08...|53...|57...|58...|55P03|25P03|25006)$/;

/**
 * The database cannot answer now: out of reach, hung, out of connections, locked, read-only or full. The same call may
 * succeed later, so a request is answered 503. false for every other error, and for what is no error of the database.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let cause = error, depth = 0; typeof cause === 'object' && cause !== null && depth < 5; depth += 1) {
    if (cause instanceof DriverAdapterError) return isUnavailable(cause);
    const { code, meta, cause: next } = cause as { code?: unknown; meta?: { driverAdapterError?: unknown }; cause?: unknown };
    if (typeof code === 'string' && PRISMA_CODES.has(code)) return true;
    cause = meta?.driverAdapterError ?? next;
  }
  return false;
}

/** In Prisma's words for what drivers say. */
const KINDS: ReadonlySet<string> = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
  'TransactionWriteConflict',
]);

function isUnavailable({ cause }: DriverAdapterError): boolean {
  const code = cause.originalCode ?? '';
  if (cause.kind === 'sqlite') return SQLITE_CODES.test(code);
  if (cause.kind === 'mysql') return MYSQL_CODES.has(code);
  if (cause.kind === 'postgres') return POSTGRESQL_CODES.test(code);
  return KINDS.has(cause.kind);
}
