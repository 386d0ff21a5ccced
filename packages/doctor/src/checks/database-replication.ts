import type { DatabaseProvider } from '@gatehouse/settings';
import { error, ok, skipped, warning } from '../check.ts';
import { judgeAnswer, onDatabase } from '../on-database.ts';
import type { Replica, Replication } from '../facts/replication.ts';
import { MAX_LAG_BYTES, MAX_LAG_MS } from '../replica-lag.ts';

/**
 * A replica of PostgreSQL is an error, because nobody could sign in. A read-only MariaDB or MySQL is a warning, because an account with
 * the right READ_ONLY ADMIN may write to it. Warns if a replica of PostgreSQL is more than 10 seconds or 1 MiB behind: a failover to it
 * would lose the latest changes, also sign-outs and suspensions. The role in `DATABASE_URL` sees the lag if it is a member of
 * `pg_monitor`. MariaDB and MySQL show the lag only on the replica.
 */
export const databaseReplication = onDatabase('database-replication', ({ replication }, { settings }) =>
  replication ? judgeAnswer(replication, (found) => judge(found, settings.database.provider)) : skipped('SQLite has no replicas.'),
);

function judge({ isReadOnly, replicas }: Replication, provider: DatabaseProvider) {
  if (isReadOnly)
    return (provider === 'mysql' ? warning : error)(
      'This database server is a replica or read-only, and refuses writes: nobody can sign in.',
      'Set DATABASE_URL to the address of the primary server, or end the read-only mode of this one.',
    );
  if (replicas === undefined) return ok('The database accepts writes. It does not show the lag of its replicas.');
  if (replicas.length === 0) return ok('The database accepts writes. It has no replicas.');
  if (replicas.some(({ state }) => state === null))
    return skipped('This role may not see the lag of the replicas. To let it: GRANT pg_monitor TO …');
  const late = replicas.flatMap(problemOf);
  if (late.length === 0)
    return ok(replicas.length === 1 ? 'The replica is up to date.' : `All ${replicas.length} replicas are up to date.`);
  return warning(
    `${late.join(' ')} A failover would lose the latest changes, also sign-outs and suspensions.`,
    'Look into the log of the replica, and at its load and its connection. SELECT * FROM pg_stat_replication shows the lag.',
  );
}

function problemOf({ name, state, lagMs, lagBytes }: Replica): string[] {
  if (state !== 'streaming') return [`The replica ${name} is not in sync (${state}).`];
  if (lagBytes > MAX_LAG_BYTES) return [`The replica ${name} is ${Math.round(lagBytes / 1024)} KiB behind.`];
  return lagMs > MAX_LAG_MS ? [`The replica ${name} is ${Math.round(lagMs / 1000)} s behind.`] : [];
}
