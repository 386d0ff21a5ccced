import { DriverAdapterError } from '@prisma/driver-adapter-utils';

// These lists contain all outages. Every other error is not an outage: a value that the database refuses (too long, out of range, too
// large a packet), a violated constraint, a missing table, a bug in our code.

/** https://www.prisma.io/docs/orm/reference/error-reference */
const PRISMA_CODES: ReadonlySet<string> = new Set([
  'P1000', // Wrong user or password.
  'P1001', // Not reachable.
  'P1002', // Timed out while connecting.
  'P1003', // The database does not exist.
  'P1008', // Timed out, no free connection in time, or locked for too long.
  'P1010', // This user may not connect to the database.
  'P1011', // No TLS connection.
  'P1017', // The server closed the connection.
  'P2024', // No free connection in time.
  'P2028', // A transaction did not start or end in time.
  'P2034', // Still conflicts with other transactions after several attempts.
  'P2037', // Too many connections.
]);

/** Errors without a Prisma code. */
const SQLITE_CODES = /^SQLITE_(BUSY|LOCKED|READONLY|FULL|IOERR|CANTOPEN|PROTOCOL|NOMEM|INTERRUPT|CORRUPT|NOTADB|PERM)/;

/** https://mariadb.com/docs/server/reference/error-codes and https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html */
const MYSQL_CODES: ReadonlySet<string> = new Set([
  '1021', // Disk full.
  '1026', // A file cannot be written.
  '1030', // Storage engine error, such as a full disk.
  '1037', // Out of memory, like the next two.
  '1038',
  '1041',
  '1040', // Too many connections.
  '1043', // The handshake failed.
  '1053', // The server is shutting down.
  '1114', // The table is full.
  '1129', // This host is blocked after too many connection errors.
  '1130', // This host may not connect.
  '1135', // The server cannot create a thread for a connection.
  '1158', // The connection broke during a read or write, like the next three.
  '1159',
  '1160',
  '1161',
  '1180', // COMMIT failed.
  '1203', // Too many connections of this user.
  '1205', // Waited too long for a lock.
  '1206', // The lock table is full.
  '1226', // A limit of this user is exceeded.
  '1290', // The server runs with --read-only.
  '1317', // Interrupted.
  '1698', // Wrong user or password.
  '1792', // In a read-only transaction.
  '1836', // Read-only mode.
  '1927', // The connection was killed.
  '1969', // MariaDB: max_statement_time.
  '3024', // MySQL: max_execution_time.
  '4031', // The server closed an idle connection.
  '3100', // MySQL: a replication hook refused the transaction, for example without a quorum.
]);

/**
 * https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions, failed authentication, missing database,
 * insufficient resources, operator intervention (shutdown, startup, cancelled), system errors; lock not available, idle timeouts,
 * read-only.
 */
const POSTGRESQL_CODES = /^(08...|28...|3D000|53...|57...|58...|55P03|25P03|25006)$/;

/** For a statement, it means that our message is malformed. Poolers use it with severity FATAL whenever they close a connection. */
const PROTOCOL_VIOLATION = '08P01';

/**
 * Whether the error means that the database is unavailable: unreachable, hanging, out of connections, locked, read-only, full or damaged.
 * The same call may succeed later, so the response should be a 503. Returns false for all other errors, in particular those caused by data.
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

/** Prisma's names for driver errors. */
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
