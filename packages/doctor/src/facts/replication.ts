import type { Database } from '@gatehouse/prisma';

export interface Replication {
  /** The server refuses writes of the application: it is a replica, or read-only. */
  readonly isReadOnly: boolean;
  /** undefined if the server does not know them. */
  readonly replicas: readonly Replica[] | undefined;
}

export interface Replica {
  readonly name: string;
  /** `streaming` if it is in sync; null if the role may not see it. */
  readonly state: string | null;
  readonly lagMs: number;
  readonly lagBytes: number;
}

export async function readReplication({ prisma, provider }: Database): Promise<Replication> {
  if (provider === 'mysql') {
    const [row] = await prisma.$queryRaw<{ off: unknown }[]>`SELECT @@GLOBAL.read_only AS off`;
    // MariaDB 12 has words, earlier versions and MySQL a number.
    return { isReadOnly: !/^(0|off)$/i.test(String(row?.off)), replicas: undefined };
  }
  const [row] = await prisma.$queryRaw<{ replica: boolean; off: string }[]>`
    SELECT pg_is_in_recovery() AS replica, current_setting('default_transaction_read_only') AS off`;
  if (row?.replica === true || row?.off === 'on') return { isReadOnly: true, replicas: undefined };
  // A backup in progress is listed, too. The lag in time is NULL while nothing is written.
  const replicas = await prisma.$queryRaw<{ name: string | null; state: string | null; ms: string; bytes: string }[]>`
    SELECT COALESCE(NULLIF(application_name, ''), host(client_addr)) AS name, state,
      CAST(COALESCE(EXTRACT(EPOCH FROM replay_lag) * 1000, 0) AS TEXT) AS ms,
      CAST(COALESCE(pg_wal_lsn_diff(pg_current_wal_lsn(), COALESCE(replay_lsn, flush_lsn, sent_lsn)), 0) AS TEXT) AS bytes
    FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'`;
  return {
    isReadOnly: false,
    replicas: replicas.map(({ name, state, ms, bytes }) => ({
      name: name ?? 'without a name',
      state,
      lagMs: Number(ms),
      lagBytes: Number(bytes),
    })),
  };
}
