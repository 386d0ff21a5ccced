import type { Pool } from 'pg';
import type { PoolerFacts } from '../database.ts';

/** Whether the error refuses the `options` of the startup message, as pgbouncer, the RDS proxy and their derivatives do. */
export const refusesOptions = (error: unknown): boolean =>
  error instanceof Error && /unsupported startup parameter|command-line options/i.test(error.message);

interface Row {
  zone: string;
  isolation: string;
  statement: string;
  idle: string;
  schema: string | null;
}

/** The settings of a connection through the pooler, as set for the server, database and role. */
const QUERY = `SELECT current_setting('TimeZone') AS zone, current_setting('default_transaction_isolation') AS isolation,
  (SELECT setting FROM pg_settings WHERE name = 'statement_timeout') AS statement,
  (SELECT setting FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout') AS idle, current_schema() AS schema`;

/** pgbouncer with `pool_mode = statement` refuses transactions. */
async function refusesTransactions(probe: Pool): Promise<boolean> {
  try {
    await probe.query('BEGIN');
    await probe.query('ROLLBACK');
    return false;
  } catch (error) {
    if (error instanceof Error && /statement pooling mode/i.test(error.message)) return true;
    throw error;
  }
}

/** Reads the settings of pooled connections. `problem` names those that must be set for the role, because sessions cannot set them. */
export async function queryPooler(
  probe: Pool,
  { user, schema }: { user: string; schema: string | undefined },
): Promise<{ facts: PoolerFacts; problem: string | undefined }> {
  const [row] = (await probe.query<Row>(QUERY)).rows;
  const { zone = '', isolation = '', statement = '0', idle = '0' } = row ?? {};
  const facts = { statementTimeoutMs: Number(statement), idleTransactionTimeoutMs: Number(idle) };
  if (await refusesTransactions(probe))
    return {
      facts,
      problem:
        'it is behind a pooler in statement mode, which does not support transactions. Set pool_mode = transaction there, also for this database and user, and make the pooler reconnect (RELOAD; RECONNECT).',
    };
  const wrong = [
    ...(/^(Etc\/)?(UTC|UCT|GMT|Zulu)$/i.test(zone) ? [] : [`ALTER ROLE ${user} SET timezone = 'UTC'`]),
    ...(isolation === 'read committed' ? [] : [`ALTER ROLE ${user} SET default_transaction_isolation = 'read committed'`]),
    ...(schema === undefined || row?.schema === schema ? [] : [`ALTER ROLE ${user} SET search_path = ${schema}`]),
  ];
  const problem =
    wrong.length === 0
      ? undefined
      : `it is behind a pooler, which does not support settings per connection. Set them for the role: ${wrong.join('; ')}. Then make the pooler reconnect (RECONNECT).`;
  return { facts, problem };
}
