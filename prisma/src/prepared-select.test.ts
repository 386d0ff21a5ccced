import { describe, expect, test } from 'vitest';
import { DATABASES, POSTGRESQL, SQLITE, sampleSession, sampleUser, temporaryDatabase } from '../testing/index.ts';
import { hasPgbouncer, startPgbouncer } from '../testing/pgbouncer.ts';
import { isDatabaseUnavailable, openDatabase } from './index.ts';

const BY_HANDLE = 'SELECT handle, data, version, expires_at, custom_age FROM gatehouse_session WHERE handle = ?';

interface Row {
  readonly handle: string;
  readonly data: string;
  readonly version: number | bigint;
  readonly expires_at: string | number;
  readonly custom_age: number | null;
}

describe.each(DATABASES)('$name', (on) => {
  test.skipIf(!on.available)('a prepared SELECT sees each committed change', async () => {
    const { prisma, prepareSelect } = await temporaryDatabase({ on });
    const select = prepareSelect<Row>(BY_HANDLE);
    const { handle, ...columns } = sampleSession();
    expect(await select([handle])).toEqual([]);
    const { expiresAt } = await prisma.session.create({ data: { handle, ...columns, data: '{"a":"ä"}' } });
    for (const version of [1, 2, 3]) {
      if (version > 1) await prisma.session.update({ where: { handle }, data: { version } });
      const [row] = await select([handle]);
      expect({ ...row, version: Number(row?.version), expires_at: new Date(row?.expires_at ?? Number.NaN) }).toEqual({
        handle,
        data: '{"a":"ä"}',
        version,
        expires_at: expiresAt,
        custom_age: null,
      });
    }
    await prisma.session.delete({ where: { handle } });
    expect(await select([handle])).toEqual([]);
  });

  test.skipIf(!on.available)('it survives a column that a migration adds', async () => {
    const { prisma, prepareSelect } = await temporaryDatabase({ on });
    const select = prepareSelect<Row>(BY_HANDLE);
    const { handle } = await prisma.session.create({ data: sampleSession() });
    expect(await select([handle])).toHaveLength(1);
    await prisma.$executeRaw`ALTER TABLE gatehouse_session ADD COLUMN added INTEGER`;
    expect((await select([handle]))[0]).toMatchObject({ handle, custom_age: null });
  });

  test.skipIf(!on.available)('a statement that the database refuses is an error with its cause, and no outage', async () => {
    const { prepareSelect } = await temporaryDatabase({ on });
    const error: unknown = await prepareSelect('SELECT nothing FROM nowhere WHERE a = ?')(['b']).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isDatabaseUnavailable(error)).toBe(false);
  });

  test.skipIf(!on.available)('after the database is closed, it is an error', async () => {
    const { close, prepareSelect } = await temporaryDatabase({ on });
    const select = prepareSelect<Row>(BY_HANDLE);
    await select(['ses_1']);
    await close();
    await expect(select(['ses_1'])).rejects.toThrow();
  });
});

test('SQLite: values of one run do not remain in the next', async () => {
  const { prisma } = await temporaryDatabase({ on: SQLITE });
  const users = [sampleUser(), sampleUser()];
  for (const data of users) await prisma.user.create({ data });
  for (const { id, username } of [...users, ...users])
    expect(await prisma.user.findUnique({ where: { id }, select: { username: true } })).toEqual({ username });
});

test.skipIf(!POSTGRESQL.available)('PostgreSQL: a connection that has lost its prepared statements', async () => {
  const { prisma, prepareSelect } = await temporaryDatabase({ on: POSTGRESQL });
  const select = prepareSelect<Row>(BY_HANDLE);
  const { handle } = await prisma.session.create({ data: sampleSession() });
  expect(await select([handle])).toHaveLength(1);
  await prisma.$executeRaw`DEALLOCATE ALL`;
  expect(await select([handle])).toHaveLength(1);
});

test.skipIf(!POSTGRESQL.available || !hasPgbouncer())(
  'PostgreSQL behind a pooler: each transaction may get another connection',
  async () => {
    const { url, prisma } = await temporaryDatabase({ on: POSTGRESQL });
    const { handle } = await prisma.session.create({ data: sampleSession() });
    const pooler = await startPgbouncer(url, ['default_pool_size=3']);
    const database = await openDatabase(pooler.through(url));
    try {
      const select = database.prepareSelect<Row>(BY_HANDLE);
      const found = await Promise.all(Array.from({ length: 30 }, () => select([handle])));
      expect(found.map((rows) => rows.length)).toEqual(Array.from({ length: 30 }, () => 1));
    } finally {
      await database.close();
      await pooler.stop();
    }
  },
);
