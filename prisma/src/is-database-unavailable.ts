import { DriverAdapterError } from '@prisma/driver-adapter-utils';

// What follows lists the outages. Whatever is not listed is no outage: a value that the database refuses (too long, out of range, too
// large a packet), a constraint, a missing table, a mistake in our own code.

/** https://www.prisma.io/docs/orm/reference/error-reference */
const PRISMA_CODES: ReadonlySet<string> = new Set([
  'P1000', // This user and password are refused.
  'P1001', // Not reachable.
  'P1002', // Reached, but not in time.
  'P1003', // The database is not there.
  'P1008', // No answer in time, no connection free in time, or locked for too long.
  'P1010', // This user may not connect to it.
  'P1011', // No TLS connection.
  'P1017', // The server closed the connection.
  'P2024', // No connection free in time.
  'P2028', // A transaction did not begin, or did not end, in time.
  'P2034', // Conflicts with others, still after it was repeated.
  'P2037', // Too many connections.
]);

/** What Prisma has no code of its own for. */
const SQLITE_CODES = /^SQLITE_(BUSY|LOCKED|READONLY|FULL|IOERR|CANTOPEN|PROTOCOL|NOMEM|INTERRUPT|CORRUPT|NOTADB|PERM)/;

/** https://mariadb.com/docs/server/reference/error-codes and https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html */
const MYSQL_CODES: ReadonlySet<string> = new Set([
  '1021', // Disk full.
  '1026', // A file cannot be written.
  '1030', // Error from the storage engine: among others, no space.
  '1037', // Out of memory, as the two that follow.
  '1038',
  '1041',
  '1040', // Too many connections.
  '1043', // No handshake came about.
  '1053', // The server is shutting down.
  '1114', // The table is full.
  '1129', // This host is blocked, after too many errors of its connections.
  '1130', // This host may not connect.
  '1135', // The server can make no thread for a connection.
  '1158', // The connection broke while it was read or written, as the three that follow.
  '1159',
  '1160',
  '1161',
  '1180', // COMMIT failed.
  '1203', // Too many connections of this user.
  '1205', // Waited too long for a lock.
  '1206', // The table of locks is full.
  '1226', // A limit of this user is used up.
  '1290', // The server runs with --read-only.
  '1317', // Interrupted.
  '1698', // This user and password are refused.
  '1792', // In a read-only transaction.
  '1836', // Read-only mode.
  '1927', // The connection was killed.
  '1969', // MariaDB: max_statement_time.
  '3024', // MySQL: max_execution_time.
  '4031', // The server ended a connection that was idle.
  '3100', // MySQL: a replication hook refused, as without a quorum.
]);

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions, refused sign-ins, a database that is not there,
 * insufficient resources, operator intervention (shutdown, start, cancelled), system errors; lock not available, idle in transaction or
 * altogether for too long, read-only.
 */
const POSTGRESQL_CODES = /^(08...|28...|3D000|53...|57...|58...|55P03|25P03|25006)$/;

/** Of a statement it says that its message is malformed, which is our fault; poolers use it for whatever ends a connection, with severity FATAL. */
const PROTOCOL_VIOLATION = '08P01';

/**
 * The database cannot answer now: out of reach, hung, out of connections, locked, read-only, full or damaged. The same call may
 * succeed later, so a request is answered 503. false for every other error, those that the data cause above all, and for what is no
 * error of the database.
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
  'AuthenticationFailed',
  'ConnectionClosed',
  'DatabaseAccessDenied',
  'DatabaseDoesNotExist',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
  'TransactionWriteConflict',
]);

function isUnavailable({ cause }: DriverAdapterError): boolean {
  const code = cause.originalCode ?? '';
  if (cause.kind === 'sqlite') return SQLITE_CODES.test(code);
  if (cause.kind === 'mysql') return MYSQL_CODES.has(code);
  if (cause.kind === 'postgres') return code === PROTOCOL_VIOLATION ? cause.severity === 'FATAL' : POSTGRESQL_CODES.test(code);
  return KINDS.has(cause.kind);
}
