import { isUniqueViolation, type Database } from '@gatehouse/prisma';
import type { LeaseRequest } from '../../engine-port.ts';

/** Leases as rows, one for each name. A row stays after its lease has expired. */
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
    // There is no row at all, which happens once for each database. It is checked first, because the server would log a
    // refused INSERT as an error.
    if (await prisma.lease.findUnique({ where: { name } })) return false;
    try {
      await prisma.lease.createMany({ data: { name, ...ends } });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  };
