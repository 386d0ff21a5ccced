import { isConflict, isDatabaseUnavailable, isUniqueViolation, type Database } from '@gatehouse/prisma';
import { recognizeOutages } from '@gatehouse/session/engine';
import type { Bucket } from './bucket.ts';
import type { BucketStore } from './bucket-store.ts';

// The session engine registers this only if it uses the database.
recognizeOutages(isDatabaseUnavailable);

const toRow = ({ failures, blockedUntilMs, expiresAtMs }: Bucket) => ({
  failures,
  blockedUntil: new Date(blockedUntilMs),
  expiresAt: new Date(expiresAtMs),
});

const fromRow = (row: { failures: number; blockedUntil: Date; expiresAt: Date }): Bucket => ({
  failures: row.failures,
  blockedUntilMs: row.blockedUntil.getTime(),
  expiresAtMs: row.expiresAt.getTime(),
});

/** Stores buckets as rows. Each swap is one statement. */
export function databaseStore({ prisma }: Database, now: () => number): BucketStore {
  return {
    async read(key) {
      const row = await prisma.limit.findUnique({ where: { key } });
      return row ? fromRow(row) : undefined;
    },

    async readMany(keys) {
      const rows = await prisma.limit.findMany({ where: { key: { in: [...keys] } } });
      return new Map(rows.map((row) => [row.key, fromRow(row)]));
    },

    async swap(key, before, after) {
      try {
        if (!before) return !after || (await prisma.limit.createMany({ data: { key, ...toRow(after) } })).count === 1;
        const where = { key, ...toRow(before) };
        const { count } = await (after ? prisma.limit.updateMany({ where, data: toRow(after) }) : prisma.limit.deleteMany({ where }));
        return count === 1;
      } catch (error) {
        // A concurrent attempt changed the row first.
        if (isUniqueViolation(error) || isConflict(error)) return false;
        throw error;
      }
    },

    removeAll: async () => (await prisma.limit.deleteMany()).count,

    async purgeExpired(batch) {
      const expired = { expiresAt: { lte: new Date(now()) } };
      const rows = await prisma.limit.findMany({ where: expired, select: { key: true }, take: batch });
      return (await prisma.limit.deleteMany({ where: { key: { in: rows.map(({ key }) => key) }, ...expired } })).count;
    },
  };
}
