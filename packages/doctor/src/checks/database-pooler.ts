import { ok, skipped, warning } from '../check.ts';
import { onDatabase } from '../on-database.ts';

/** A request has given up by then. */
const LONGEST_MS = 60_000;

/**
 * A pooler that gives each transaction another PostgreSQL connection (pgbouncer in transaction mode, for example) accepts no settings per
 * connection. Transactions set their own limits. A single statement has only the server's limit of its role or database: without one, a
 * statement whose request has given up may wait for a lock and write later. Warns if there is none. Fix: `ALTER ROLE gatehouse SET
 * statement_timeout = '2s'`. See `docs/engines.md`.
 */
export const databasePooler = onDatabase('database-pooler', ({ pooler }, { settings }) => {
  if (settings.database.provider !== 'postgresql') return skipped('Only PostgreSQL is asked through poolers that keep no settings.');
  if (pooler === undefined) return ok('PostgreSQL takes the limits of each connection.');
  const { statementTimeoutMs } = pooler;
  if (statementTimeoutMs > 0 && statementTimeoutMs <= LONGEST_MS)
    return ok(`PostgreSQL is behind a pooler, and ends a statement after ${statementTimeoutMs} ms, as its role or database has it.`);
  return warning(
    'PostgreSQL is behind a pooler that takes no settings (such as pgbouncer in transaction mode), and nothing else ends a single statement there: one that a request has given up may still wait for a lock, and write later.',
    "Give the role of DATABASE_URL a limit: ALTER ROLE … SET statement_timeout = '2s'. Or lead DATABASE_URL to PostgreSQL itself.",
  );
});
