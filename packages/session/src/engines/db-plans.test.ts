import { DATABASES } from '@gatehouse/prisma/testing';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { describe, expect, test } from 'vitest';
import { LIFETIMES } from '../conformance/index.ts';
import { newRecord, store } from '../conformance/records.ts';
import { listCursor } from '../list-cursor.ts';
import { databaseAccounts } from '../test-support/database-accounts.ts';
import { createTempDatabase } from '../test-support/temp-database.ts';
import { createTestClock } from '../test-support/test-clock.ts';
import { toColumns } from './db-rows.ts';
import { openDbEngine } from './db.ts';

/** Enough that a database which may choose does not take them all instead of an index. */
const ROWS = 4000;
const DOUBLINGS = 5;
const COPIED = 'credential_epoch, data, version, created_at, renewed_at, last_activity_at, expires_at';

describe.each(DATABASES)('db on $name', (on) => {
  test.skipIf(!on.available)('semantics 36: no statement looks through all sessions', { timeout: 60_000 }, async () => {
    const clock = createTestClock();
    const statements: string[] = [];
    const place = await createTempDatabase(on);
    try {
      const { prisma } = await place.connect();
      const raw = <T>(text: string): Promise<T[]> => prisma.$queryRaw<T[]>(Object.assign(sql``, { strings: [text] }));
      const database = await place.connect((statement) => statements.push(statement.trim()));
      const engine = openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now, limitPerUser: 1 });
      const owner = await databaseAccounts(prisma).create();
      await prisma.session.createMany({
        data: Array.from({ length: ROWS / 2 ** DOUBLINGS }, () => toColumns(newRecord({ clock }), undefined)),
      });
      // In the database: row by row from here it would take longer than the rest of the test.
      for (let round = 0; round < DOUBLINGS; round += 1)
        await prisma.$executeRaw(
          Object.assign(sql``, {
            strings: [
              `INSERT INTO gatehouse_session (session_key, handle, ${COPIED})
               SELECT CONCAT(session_key, '${round}'), CONCAT(handle, '${round}'), ${COPIED} FROM gatehouse_session`,
            ],
          }),
        );
      expect(await prisma.session.count()).toBe(ROWS);
      const { key, handle } = await store({ clock }, engine, { user: owner });
      const after = await store({ clock }, engine);
      // SQLite plans without counting rows, as in production.
      if (on.provider !== 'sqlite') await raw(`${on.provider === 'mysql' ? 'ANALYZE TABLE' : 'ANALYZE'} gatehouse_session`);

      statements.length = 0;
      clock.advance(LIFETIMES.activityIntervalMs);
      await engine.load(key, { ip: null, userAgent: null });
      await engine.findByHandle(handle);
      await engine.listByUser(owner.user.id);
      await engine.listByUser(owner.user.id, { limit: 5, after: listCursor({ lastActivityAtMs: clock.now(), handle }) });
      await engine.list({ limit: 5 });
      await engine.update(after.key, { expectedVersion: 1, data: {}, clocks: after });
      await engine.touch(after.key, after);
      await engine.create({ ...after, key: 'another', handle: 'ses_another', userId: owner.user.id }, { replaces: key });
      await engine.destroy('another');
      await engine.destroyByUser(owner.user.id, { exceptKey: key });
      clock.advance(-LIFETIMES.activityIntervalMs);
      await engine.purgeExpired(10);

      const asked = statements.filter((statement) => /^(SELECT|UPDATE|DELETE)/.test(statement));
      expect(asked.length).toBeGreaterThan(11);
      const scanned: string[] = [];
      for (const statement of asked) {
        const plan = await raw<Record<string, unknown>>(`${EXPLAIN[on.provider]} ${withValues(statement)}`);
        // With what other databases know of the number of rows they may rather sort a few.
        if (on.provider === 'sqlite') scanned.push(...plan.filter(isSorting).map(() => `sorted: ${statement}`));
        for (const step of plan.filter(SCANS[on.provider])) scanned.push(`${statement}: ${Object.values(step).join(' ')}`);
      }
      expect(scanned).toEqual([]);
    } finally {
      await place.dispose();
    }
  });
});

const EXPLAIN = { sqlite: 'EXPLAIN QUERY PLAN', mysql: 'EXPLAIN', postgresql: 'EXPLAIN' };

/** A step of a plan of SQLite's that reads all before it gives the first. */
const isSorting = ({ detail }: Record<string, unknown>): boolean => String(detail).startsWith('USE TEMP B-TREE FOR ORDER BY');

/** A step of a plan that reads a whole table. */
const SCANS = {
  sqlite: ({ detail }: Record<string, unknown>) => /^SCAN (gatehouse_|s\b|u\b)/.test(String(detail)),
  mysql: ({ type, table }: Record<string, unknown>) => String(table).startsWith('gatehouse') && ['ALL', 'index'].includes(String(type)),
  postgresql: (row: Record<string, unknown>) => /Seq Scan on gatehouse_session/.test(String(row['QUERY PLAN'])),
};

/** Something of the right type in the place of each parameter: for nothing, a database would plan nothing. */
const withValues = (statement: string): string =>
  statement
    .replaceAll(
      /(\w+)\s*(=|<>|<=|<|>)\s*(?:\?|\$\d+)/g,
      (_, column: string, operator: string) => `${column} ${operator} ${valueOf(column)}`,
    )
    .replaceAll(/LIMIT\s+(?:\?|\$\d+)/g, 'LIMIT 5')
    .replaceAll(/\?|\$\d+/g, "'x'");

function valueOf(column: string): string {
  if (column.endsWith('_at') || column === 'fixed_expiry') return "'2020-01-01 00:00:00'";
  return ['version', 'credential_epoch', 'custom_age'].includes(column) ? '1' : "'x'";
}
