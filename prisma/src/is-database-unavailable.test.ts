import { expect, test } from 'vitest';
import { sampleSession, sampleUser, temporaryDatabase } from '../testing/index.ts';
import { isDatabaseUnavailable } from './is-database-unavailable.ts';

// For SQLite. server/faults.test.ts tests the database servers.
const isUnavailable = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => expect.unreachable('it succeeded'),
    (error: unknown) => isDatabaseUnavailable(error),
  );

test('a lock held by another program is an outage', async () => {
  const { prisma, adapter } = await temporaryDatabase({ busyTimeoutMs: 50 });
  const other = await adapter.connect();
  await other.executeScript('BEGIN IMMEDIATE');
  expect(await isUnavailable(prisma.session.create({ data: sampleSession() }))).toBe(true);
  expect(await isUnavailable(prisma.$executeRaw`DELETE FROM gatehouse_session`)).toBe(true);
  expect(await isUnavailable(prisma.$transaction((tx) => tx.session.count()))).toBe(true);
  await other.dispose();
});

test('a full disk is an outage', async () => {
  const { prisma } = await temporaryDatabase();
  await prisma.$queryRaw`PRAGMA max_page_count = 30`;
  const big = { ...sampleSession(), data: JSON.stringify('x'.repeat(500_000)) };
  expect(await isUnavailable(prisma.session.createMany({ data: big }))).toBe(true);
  const small = await prisma.session.create({ data: sampleSession() });
  expect(await isUnavailable(prisma.$executeRaw`UPDATE gatehouse_session SET data = ${big.data}`)).toBe(true);
  expect(await prisma.session.findMany()).toEqual([small]);
});

test('a read-only database is an outage', async () => {
  const { prisma } = await temporaryDatabase();
  await prisma.$queryRaw`PRAGMA query_only = on`;
  expect(await isUnavailable(prisma.session.create({ data: sampleSession() }))).toBe(true);
  expect(await prisma.session.count()).toBe(0);
});

test('an error caused by the call is not an outage', async () => {
  const { prisma } = await temporaryDatabase();
  const user = await prisma.user.create({ data: sampleUser() });
  expect(await isUnavailable(prisma.user.create({ data: user }))).toBe(false);
  expect(await isUnavailable(prisma.session.create({ data: sampleSession('nobody') }))).toBe(false);
  expect(await isUnavailable(prisma.$queryRaw`SELECT nothing FROM nowhere`)).toBe(false);
  expect(await isUnavailable(prisma.user.findFirstOrThrow({ where: { id: 'nobody' } }))).toBe(false);
});
