import { deleteSome, sql, whereText, type Database, type Transaction } from '@gatehouse/prisma';

/** More rows than this are deleted after the transaction, because one statement for all of them would exceed the statement timeout. */
const MAX_AT_ONCE = 1000;

/** Rows per statement afterwards, and for how long a change deletes before it leaves the rest to the purge. */
const BATCH = 1000;
const BUDGET_MS = 600;

interface EndingOptions {
  readonly now: Date;
  readonly exceptHandle?: string | undefined;
}

interface Ended {
  /** Number of sessions that were live. */
  readonly ended: number;
  /** Rows remain. Their epoch makes them invalid; delete them with `endedSessions`. */
  readonly hasLeftovers: boolean;
}

/**
 * Deletes a user's sessions except `exceptHandle`, in the transaction that raised the credential epoch to `epoch`. The new epoch alone
 * invalidates all of them; the caller must update the epoch of the session to keep.
 */
export async function endSessions(tx: Transaction, userId: string, epoch: number, { now, exceptHandle }: EndingOptions): Promise<Ended> {
  const others = { userId: whereText(userId), ...(exceptHandle !== undefined && { handle: { not: whereText(exceptHandle) } }) };
  const live = { ...others, credentialEpoch: { gte: epoch - 1 }, expiresAt: { gt: now }, successor: null };
  if (await hasManySessions(tx, userId)) return { ended: await tx.session.count({ where: live }), hasLeftovers: true };
  const { count: ended } = await tx.session.deleteMany({ where: live });
  await tx.session.deleteMany({ where: others });
  return { ended, hasLeftovers: false };
}

/** Whether the user has more sessions than one transaction deletes. */
export const hasManySessions = async (tx: Pick<Transaction, 'session'>, userId: string): Promise<boolean> =>
  (await tx.session.count({ where: { userId: whereText(userId) }, take: MAX_AT_ONCE + 1 })) > MAX_AT_ONCE;

/** Deletes rows of sessions that the credential epoch has invalidated, in statements of bounded size. */
export function endedSessions(database: Database) {
  const removeBatch = (userId: string, epoch: number): Promise<number> =>
    deleteSome(database, {
      table: sql`gatehouse_session`,
      key: sql`handle`,
      where: sql`user_id = ${userId} AND credential_epoch < ${epoch}`,
      limit: BATCH,
    });

  return {
    /** Deletes for up to 600 ms and ignores failures, because the change is committed. The purge deletes the rest after they expire. */
    async remove(userId: string, epoch: number): Promise<void> {
      const startedAt = performance.now();
      let removed = 1;
      while (removed > 0 && performance.now() - startedAt < BUDGET_MS) removed = await removeBatch(userId, epoch).catch(() => 0);
    },

    /** Deletes all of them, however long it takes. */
    async removeAll(userId: string, epoch: number): Promise<void> {
      while ((await removeBatch(userId, epoch)) > 0);
    },
  };
}

export type EndedSessions = ReturnType<typeof endedSessions>;

/** The detail for the audit trail. Zero is left out, because sessions outside the database may be ended later. */
export const countOf = (ended: number): { ended?: number } => (ended > 0 ? { ended } : {});
