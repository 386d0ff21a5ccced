import { ok, skipped, warning } from '../check.ts';
import { onDatabase } from '../on-database.ts';

/** A longer limit does not help, because the request has timed out long before. */
const MAX_TIMEOUT_MS = 60_000;

/**
 * A pooler that uses a PostgreSQL connection per transaction, such as pgbouncer in transaction mode, does not support settings per
 * connection. Transactions set their own timeouts, but single statements only have the timeout of their role or database. Without one, a
 * statement can wait for a lock and write after its request has timed out. Warns if there is none. Fix: `ALTER ROLE gatehouse SET
 * statement_timeout = '2s'`. See `docs/engines.md`.
 */
export const databasePooler = onDatabase('database-pooler', ({ pooler }, { settings }) => {
  if (settings.database.provider !== 'postgresql') return skipped('The database is not PostgreSQL.');
  if (pooler === undefined) return ok('PostgreSQL uses the timeouts of each connection.');
  const { statementTimeoutMs } = pooler;
  if (statementTimeoutMs > 0 && statementTimeoutMs <= MAX_TIMEOUT_MS)
    return ok(`PostgreSQL is behind a pooler. Its role or database sets a statement timeout of ${statementTimeoutMs} ms.`);
  return warning(
    'PostgreSQL is behind a pooler that does not support settings per connection (such as pgbouncer in transaction mode), and statements have no timeout: one whose request has timed out can still wait for a lock and write later.',
    "Set a timeout for the role in DATABASE_URL: ALTER ROLE … SET statement_timeout = '2s'. Or connect to PostgreSQL directly.",
  );
});
