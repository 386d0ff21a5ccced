import { isUniqueViolation, type Database } from '@gatehouse/prisma';
import type { LeaseRequest } from '../../engine-port.ts';

/** Leases as rows, one a name, which stay when they are over. */
export const dbLease =
  ({ prisma }: Pick<Database, 'prisma'>, now: () => number) =>
  async ({ name, owner, forMs }: LeaseRequest): Promise<boolean> => {
    const nowMs = now();
    const ends = { owner, expiresAt: new Date(nowMs + forMs) };
    const taken = await prisma.lease.updateMany({
      where: { name, OR: [{ owner }, { expiresAt: { lte: new Date(nowMs) } }] },
      data: ends,
    });
    if (taken.count > 0) return true;
    // No row at all: once in the life of a database. Looked for first, because a refused INSERT is logged by its server as an error.
    if (await prisma.lease.findUnique({ where: { name } })) return false;
    try {
      await prisma.lease.createMany({ data: { name, ...ends } });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  };
