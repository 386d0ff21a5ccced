import type { Pool } from 'pg';
import type { PoolerFacts } from '../database.ts';

/** Refused is what `options` of the first message would set: by pgbouncer, by the RDS proxy, and by poolers made of them. */
export const refusesOptions = (error: unknown): boolean =>
  error instanceof Error && /unsupported startup parameter|command-line options/i.test(error.message);

interface Row {
  zone: string;
  isolation: string;
  statement: string;
  idle: string;
  schema: string | null;
}

/** What a connection through the pooler is set to, whoever had it before: the server's, the database's and the role's own settings. */
const QUESTION = `SELECT current_setting('TimeZone') AS zone, current_setting('default_transaction_isolation') AS isolation,
  (SELECT setting FROM pg_settings WHERE name = 'statement_timeout') AS statement,
  (SELECT setting FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout') AS idle, current_schema() AS schema`;

/** What the role must be given, for want of a way to set it for a session; undefined if nothing. */
export async function askPooler(
  probe: Pool,
  { user, schema }: { user: string; schema: string | undefined },
): Promise<{ facts: PoolerFacts; problem: string | undefined }> {
  const [row] = (await probe.query<Row>(QUESTION)).rows;
  const { zone = '', isolation = '', statement = '0', idle = '0' } = row ?? {};
  const facts = { statementTimeoutMs: Number(statement), idleTransactionTimeoutMs: Number(idle) };
  const wrong = [
    ...(/^(Etc\/)?(UTC|UCT|GMT|Zulu)$/i.test(zone) ? [] : [`ALTER ROLE ${user} SET timezone = 'UTC'`]),
    ...(isolation === 'read committed' ? [] : [`ALTER ROLE ${user} SET default_transaction_isolation = 'read committed'`]),
    ...(schema === undefined || row?.schema === schema ? [] : [`ALTER ROLE ${user} SET search_path = ${schema}`]),
  ];
  const problem =
    wrong.length === 0
      ? undefined
      : `it is behind a pooler, where settings cannot be set for a connection. Set them for the role: ${wrong.join('; ')}. Then have the pooler connect anew (RECONNECT).`;
  return { facts, problem };
}
