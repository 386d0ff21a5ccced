import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@gatehouse/prisma';
import { DATABASES, migratedDatabase, SQLITE } from '@gatehouse/prisma/testing';
import { describe, expect, test } from 'vitest';
import { spawnCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const TABLE_LOCKS = {
  sqlite: { lock: '', unlock: '' },
  mysql: { lock: 'LOCK TABLES gatehouse_session WRITE', unlock: 'UNLOCK TABLES' },
  postgresql: { lock: 'BEGIN; LOCK TABLE gatehouse_session IN ACCESS EXCLUSIVE MODE', unlock: 'COMMIT' },
};

/** The limit of a request: for one statement, and for all its storage calls together. */
const REQUEST_LIMIT_MS = 2000;

describe.each(DATABASES.filter((on) => on !== SQLITE))('$name', (on) => {
  test.skipIf(!on.available)('a command waits longer for a statement than a request does', { timeout: 120_000 }, async () => {
    const installation = temporaryInstallation();
    const { url, drop } = await migratedDatabase(on);
    const database = await openDatabase(url);
    const other = await database.adapter.connect();
    const execute = (sql: string): Promise<number> => other.executeRaw({ sql, args: [], argTypes: [] });
    const { lock, unlock } = TABLE_LOCKS[on.provider];
    try {
      await execute(lock);
      const counting = spawnCli(['sessions', 'count', '--json'], { env: { ...installation.env, DATABASE_URL: url } });
      await expect.poll(() => blockedStatements(database.prisma, on.provider), { timeout: 60_000 }).toBe(1);
      await sleep(REQUEST_LIMIT_MS + 500);
      await execute(unlock);
      const { code, stderr, stdout } = await counting;
      expect({ code, stderr, counts: JSON.parse(stdout) as unknown }).toEqual({ code: 0, stderr: '', counts: { sessions: 0, users: 0 } });
    } finally {
      await other.dispose();
      await database.close();
      await drop();
      installation.remove();
    }
  });
});

/** The number of statements that wait for the table lock. */
async function blockedStatements(
  prisma: Awaited<ReturnType<typeof openDatabase>>['prisma'],
  provider: keyof typeof TABLE_LOCKS,
): Promise<number> {
  const rows =
    provider === 'mysql'
      ? await prisma.$queryRaw<unknown[]>`
          SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'`
      : await prisma.$queryRaw<unknown[]>`
          SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'`;
  return rows.length;
}
