import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { sampleUser, stopwatch, temporaryDatabase } from '../../testing/index.ts';

/** A second program that holds the write lock. */
async function lockFrom({ adapter }: Pick<Awaited<ReturnType<typeof temporaryDatabase>>, 'adapter'>) {
  const other = await adapter.connect();
  await other.executeScript('BEGIN IMMEDIATE');
  return {
    async release() {
      await other.executeScript('ROLLBACK');
      await other.dispose();
    },
  };
}

test("another request's write is not part of an open transaction, so a rollback keeps it", async () => {
  const { prisma } = await temporaryDatabase();
  const [inside, beside] = [sampleUser(), sampleUser()];
  let write: Promise<unknown> = Promise.resolve();
  const transaction = prisma.$transaction(async (tx) => {
    await tx.user.create({ data: inside });
    // Prisma's promises only start when they are awaited.
    write = prisma.user.create({ data: beside }).then(() => undefined);
    await sleep(20);
    throw new Error('roll back');
  });
  await expect(transaction).rejects.toThrow('roll back');
  await write;
  expect(await prisma.user.findMany({ select: { id: true } })).toEqual([{ id: beside.id }]);
});

test('a read during an open transaction sees the committed state immediately', async () => {
  const { prisma } = await temporaryDatabase();
  await prisma.$transaction(async (tx) => {
    await tx.user.create({ data: sampleUser() });
    expect(await tx.user.count()).toBe(1);
    expect(await prisma.user.count()).toBe(0);
  });
  expect(await prisma.user.count()).toBe(1);
});

test('F-07: writes wait for another program without losing anything or blocking the event loop', async () => {
  const database = await temporaryDatabase({ busyTimeoutMs: 20_000 });
  const lock = await lockFrom(database);
  const writes = Promise.all([
    ...Array.from({ length: 10 }, () => database.prisma.user.create({ data: sampleUser() })),
    ...Array.from({ length: 10 }, () => database.prisma.$transaction((tx) => tx.user.create({ data: sampleUser() }))),
  ]);
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), 5);
  await sleep(400);
  expect(await database.prisma.user.count()).toBe(0);
  await lock.release();
  await writes;
  clearInterval(ticking);
  expect(await database.prisma.user.count()).toBe(20);
  // About 80 ticks fit. A busy_timeout in the driver would have blocked all of them.
  expect(ticks).toBeGreaterThan(20);
});

test('F-07: after the timeout, a write and a transaction fail with P1008, and later ones succeed', async () => {
  const database = await temporaryDatabase({ busyTimeoutMs: 150 });
  const lock = await lockFrom(database);
  const tookMs = stopwatch();
  const outcomes = await Promise.allSettled([
    database.prisma.user.create({ data: sampleUser() }),
    database.prisma.user.create({ data: sampleUser() }),
    database.prisma.$transaction((tx) => tx.user.create({ data: sampleUser() })),
    database.prisma.$transaction((tx) => tx.user.create({ data: sampleUser() })),
  ]);
  expect(tookMs()).toBeLessThan(1000);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'P1008' } });
  await lock.release();
  await database.prisma.user.create({ data: sampleUser() });
  await database.prisma.$transaction((tx) => tx.user.create({ data: sampleUser() }));
  expect(await database.prisma.user.count()).toBe(2);
});

test('a single write gets its turn among consecutive transactions', async () => {
  const { prisma } = await temporaryDatabase({ busyTimeoutMs: 1000 });
  const user = await prisma.user.create({ data: sampleUser() });
  const writing = new AbortController();
  const streams = Array.from({ length: 4 }, async () => {
    while (!writing.signal.aborted) {
      await prisma.$transaction((tx) => tx.user.update({ where: { id: user.id }, data: { name: 'busy' } }));
      // The driver is synchronous, so without a pause no timer would ever fire.
      await setImmediate();
    }
  });
  await sleep(20);
  for (let i = 0; i < 5; i += 1) await prisma.user.create({ data: sampleUser() });
  writing.abort();
  await Promise.all(streams);
  expect(await prisma.user.count()).toBe(6);
});

test('100 concurrent read-then-write transactions count to 100', async () => {
  const { prisma } = await temporaryDatabase();
  const { id } = await prisma.user.create({ data: sampleUser() });
  await Promise.all(
    Array.from({ length: 100 }, () =>
      prisma.$transaction(async (tx) => {
        const user = await tx.user.findUniqueOrThrow({ where: { id } });
        await tx.user.update({ where: { id }, data: { credentialEpoch: user.credentialEpoch + 1 } });
      }),
    ),
  );
  expect(await prisma.user.findUnique({ where: { id } })).toMatchObject({ credentialEpoch: 100 });
});

test('a transaction that times out is rolled back, and the next one starts', async () => {
  const { prisma } = await temporaryDatabase();
  const slow = prisma.$transaction(
    async (tx) => {
      await tx.user.create({ data: sampleUser() });
      await sleep(100);
      await tx.user.create({ data: sampleUser() });
    },
    { timeout: 50 },
  );
  await expect(slow).rejects.toMatchObject({ code: 'P2028' });
  await prisma.$transaction((tx) => tx.user.create({ data: sampleUser() }));
  expect(await prisma.user.count()).toBe(1);
});

test('onQuery is called once for every statement', async () => {
  const onQuery = vi.fn<(sql: string) => void>();
  const { prisma } = await temporaryDatabase({ onQuery });
  onQuery.mockClear();
  await prisma.user.findUnique({ where: { id: 'none' } });
  expect(onQuery).toHaveBeenCalledTimes(1);
  onQuery.mockClear();
  await prisma.$transaction([prisma.user.count(), prisma.session.count()]);
  expect(onQuery.mock.calls.map(([sql]) => sql.split(' ')[0])).toEqual(['BEGIN', 'SELECT', 'SELECT', 'COMMIT']);
});
