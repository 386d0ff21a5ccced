import { cpus, totalmem } from 'node:os';
import { openDatabase } from '@gatehouse/prisma';
import type { Services } from '../services.ts';

/** The machine and the versions that were measured. */
export async function describeMachine(services: Services): Promise<string[]> {
  const processors = cpus();
  return [
    `${new Date().toISOString().slice(0, 10)}, ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${process.arch}`,
    [
      `Node ${process.versions.node}`,
      ...(services.redis ? [`Redis ${await services.redisVersion()}`] : []),
      `SQLite ${await versionOf(services.sqlite, 'SELECT sqlite_version() AS version')}`,
      ...(services.mariadb ? [`MariaDB ${await versionOf(services.mariadb, 'SELECT version() AS version')}`] : []),
      ...(services.postgresql ? [`PostgreSQL ${await versionOf(services.postgresql, 'SHOW server_version')}`] : []),
    ].join(', '),
  ];
}

async function versionOf(url: string, sql: string): Promise<string> {
  const database = await openDatabase(url);
  const connection = await database.adapter.connect();
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] });
  await connection.dispose();
  await database.close();
  return String(rows[0]?.[0]);
}
