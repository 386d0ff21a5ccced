import { DATABASES } from '@gatehouse/prisma/testing';
import { sql } from '@gatehouse/prisma/sql';
import { describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/index.ts';
import { loadOf, newRecord, store } from '../../conformance/records.ts';
import { listCursor } from '../../list-cursor.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { createTempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { toColumns } from './rows.ts';
import { openDbEngine } from './db-engine.ts';

/** Enough rows that a database prefers an index to a full scan. */
const ROWS = 4000;
const DOUBLINGS = 5;
const COPIED = 'secret_hash, rotated_at, credential_epoch, data, version, created_at, renewed_at, last_activity_at, expires_at';

describe.each(DATABASES)('db on $name', (on) => {
  test.skipIf(!on.available)('semantics 36: no statement scans all sessions', { timeout: 60_000 }, async () => {
    const clock = createTestClock();
    const statements: string[] = [];
    const testDatabase = await createTempDatabase(on);
    try {
      const { prisma } = await testDatabase.connect();
      const raw = <T>(text: string): Promise<T[]> => prisma.$queryRaw<T[]>(Object.assign(sql``, { strings: [text] }));
      const database = await testDatabase.connect((statement) => statements.push(statement.trim()));
      const engine = openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now, limitPerUser: 1 });
      const owner = await databaseAccounts(prisma).create();
      const records = await Promise.all(Array.from({ length: ROWS / 2 ** DOUBLINGS }, () => newRecord({ clock }, engine)));
      await prisma.session.createMany({ data: records.map((record) => toColumns(record)) });
      // Inserted by the database itself, because row by row would take longer than the rest of the test.
      for (let round = 0; round < DOUBLINGS; round += 1)
        await prisma.$executeRaw(
          Object.assign(sql``, {
            strings: [
              `INSERT INTO gatehouse_session (handle, ${COPIED}) SELECT CONCAT(handle, '${round}'), ${COPIED} FROM gatehouse_session`,
            ],
          }),
        );
      expect(await prisma.session.count()).toBe(ROWS);
      const record = await store({ clock }, engine, { user: owner, presentedAtMs: null });
      const { handle } = record;
      const other = await store({ clock }, engine);
      // SQLite plans without row statistics, as in production.
      if (on.provider !== 'sqlite') await raw(`${on.provider === 'mysql' ? 'ANALYZE TABLE' : 'ANALYZE'} gatehouse_session`);

      statements.length = 0;
      clock.advance(LIFETIMES.activityIntervalMs);
      await loadOf(engine, record, { ip: null, userAgent: null });
      await engine.find(handle);
      await engine.listByUser(owner.user.id);
      await engine.listByUser(owner.user.id, { limit: 5, after: listCursor({ lastActivityAtMs: clock.now(), handle }) });
      await engine.list({ limit: 5 });
      await engine.update(other.handle, { expectedVersion: 1, data: {}, timestamps: other });
      await engine.update(other.handle, { expectedVersion: 1, secrets: other, credentialEpoch: 0, timestamps: other });
      await engine.touch(other.handle, other);
      await engine.create({ ...other, handle: 'ses_another', userId: owner.user.id });
      await engine.claim(other.handle, { successor: 'ses_another', expectedVersion: 2 });
      await engine.claim(other.handle, { successor: handle, expectedSuccessor: 'ses_nobody' });
      await engine.destroy(other.handle, { ofUser: owner.user.id });
      await engine.destroy(other.handle);
      await engine.destroyByUser(owner.user.id, { exceptHandle: handle });
      clock.advance(-LIFETIMES.activityIntervalMs);
      await engine.purgeExpired(10);

      // Notifications read no table.
      const asked = statements.filter((statement) => /^(SELECT|UPDATE|DELETE)/.test(statement) && !statement.includes('pg_notify'));
      expect(asked.length).toBeGreaterThan(20);
      const scanned: string[] = [];
      for (const statement of asked) {
        const plan = await raw<Record<string, unknown>>(`${EXPLAIN[on.provider]} ${withValues(statement)}`);
        // With row statistics, other databases may prefer to sort a few rows.
        if (on.provider === 'sqlite') scanned.push(...plan.filter(isSorting).map(() => `sorted: ${statement}`));
        for (const step of plan.filter(SCANS[on.provider])) scanned.push(`${statement}: ${Object.values(step).join(' ')}`);
      }
      expect(scanned).toEqual([]);

      statements.length = 0;
      await engine.count();
      const counting = await raw<Record<string, unknown>>(`${EXPLAIN[on.provider]} ${withValues(statements.at(-1) ?? '')}`);
      if (on.provider === 'sqlite')
        expect(counting.map(({ detail }) => detail)).toContain('SCAN gatehouse_session USING COVERING INDEX gatehouse_session_count_idx');
      if (on.provider === 'mysql')
        expect(counting).toContainEqual(
          expect.objectContaining({ key: 'gatehouse_session_count_idx', Extra: expect.stringMatching(/Using index$/) }),
        );
    } finally {
      await testDatabase.dispose();
    }
  });
});

const EXPLAIN = { sqlite: 'EXPLAIN QUERY PLAN', mysql: 'EXPLAIN', postgresql: 'EXPLAIN' };

/** A step of a SQLite plan that reads all rows before it returns the first. */
const isSorting = ({ detail }: Record<string, unknown>): boolean => String(detail).startsWith('USE TEMP B-TREE FOR ORDER BY');

/** A step of a plan that scans a whole table. */
const SCANS = {
  sqlite: ({ detail }: Record<string, unknown>) => /^SCAN (gatehouse_|s\b|u\b)/.test(String(detail)),
  mysql: ({ type, table }: Record<string, unknown>) => String(table).startsWith('gatehouse') && ['ALL', 'index'].includes(String(type)),
  postgresql: (row: Record<string, unknown>) => /Seq Scan on gatehouse_session/.test(String(row['QUERY PLAN'])),
};

/** A value of the right type for each parameter, because databases plan nothing for NULL. */
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
