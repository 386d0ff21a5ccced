import { describe, expect, test } from 'vitest';
import { DATABASES, MARIADB, sampleSession, temporaryDatabase } from '../testing/index.ts';
import { isDatabaseUnavailable } from './index.ts';

/** Exceeds the default max_allowed_packet of MariaDB (16 MiB) and MySQL. */
const HUGE = JSON.stringify('x'.repeat(17 * 1024 * 1024));

const REJECTED_BY_A_COLUMN: [string, object][] = [
  ['a text with a NUL', { data: 'a\0b' }],
  ['a lone surrogate', { data: 'a\ud800b' }],
  ['a text too long for its column', { userAgent: 'x'.repeat(300) }],
  ['a number out of range', { customAge: 3_000_000_000 }],
  ['a date that is out of range', { expiresAt: new Date(8.64e15) }],
  ['an invalid date', { expiresAt: new Date(Number.NaN) }],
  ['a user that does not exist', { userId: 'nobody' }],
];

// Each database rejects different values. A rejected value is never an outage, because a retry would not help.
describe.each(DATABASES)('$name', (on) => {
  test.skipIf(!on.available)('a value that the database rejects is not an outage, and does not affect the next call', async () => {
    const { prisma } = await temporaryDatabase({ on });
    for (const [what, columns] of REJECTED_BY_A_COLUMN) {
      const error: unknown = await prisma.session.createMany({ data: { ...sampleSession(), ...columns } }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect([what, isDatabaseUnavailable(error)]).toEqual([what, false]);
      await prisma.session.count();
    }
    await expect(prisma.$queryRaw`SELECT nothing FROM nowhere`).rejects.toSatisfy((error) => !isDatabaseUnavailable(error));
  });
});

test.skipIf(!MARIADB.available)(
  'a statement that exceeds the packet limit is rejected without an outage, and does not affect the next call',
  async () => {
    const { prisma } = await temporaryDatabase({ on: MARIADB });
    const row = await prisma.session.create({ data: sampleSession() });
    const tooLarge = [
      () => prisma.session.createMany({ data: { ...sampleSession(), data: HUGE } }),
      () => prisma.$executeRaw`UPDATE gatehouse_session SET data = ${HUGE} WHERE handle = ${row.handle}`,
      () => prisma.$transaction((tx) => tx.session.createMany({ data: { ...sampleSession(), data: HUGE } })),
    ];
    for (const call of tooLarge) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ message: expect.stringMatching(/1153[^]*max_allowed_packet/) });
      expect(isDatabaseUnavailable(error)).toBe(false);
      expect(await prisma.session.findMany()).toEqual([row]);
    }
  },
);
