import { deleteSome, sql, whereText, type Database, type Transaction } from '@gatehouse/prisma';

/** More rows than this are removed after the transaction: one statement for all of them would take longer than a statement may. */
const MAX_AT_ONCE = 1000;

/** Rows that one statement removes afterwards, and how long a change keeps removing. */
const BATCH = 1000;
const BUDGET_MS = 600;

interface EndingOptions {
  readonly now: Date;
  readonly exceptHandle?: string | undefined;
}

interface Ended {
  /** How many were live. */
  readonly ended: number;
  /** Rows are left, dead by their epoch: see `endedSessions`. */
  readonly isRest: boolean;
}

/**
 * Ends a user's sessions, but one, as part of the transaction that has raised the user's credential epoch to `epoch`: which is what
 * ends them, however many they are. `exceptHandle` is the caller's to bring to the new epoch.
 */
export async function endSessions(tx: Transaction, userId: string, epoch: number, { now, exceptHandle }: EndingOptions): Promise<Ended> {
  const others = { userId: whereText(userId), ...(exceptHandle !== undefined && { handle: { not: whereText(exceptHandle) } }) };
  const live = { ...others, credentialEpoch: { gte: epoch - 1 }, expiresAt: { gt: now }, successor: null };
  if (await hasManySessions(tx, userId)) return { ended: await tx.session.count({ where: live }), isRest: true };
  const { count: ended } = await tx.session.deleteMany({ where: live });
  await tx.session.deleteMany({ where: others });
  return { ended, isRest: false };
}

/** More than one transaction removes. */
export const hasManySessions = async (tx: Pick<Transaction, 'session'>, userId: string): Promise<boolean> =>
  (await tx.session.count({ where: { userId: whereText(userId) }, take: MAX_AT_ONCE + 1 })) > MAX_AT_ONCE;

/** Removes rows of sessions that the user's epoch has ended, in statements of bounded size. */
export function endedSessions(database: Database) {
  const removeBatch = (userId: string, epoch: number): Promise<number> =>
    deleteSome(database, {
      table: sql`gatehouse_session`,
      key: sql`handle`,
      where: sql`user_id = ${userId} AND credential_epoch < ${epoch}`,
      limit: BATCH,
    });

  return {
    /** For a while: what is left, also where this fails, goes when its stored expiry passes. The change it follows is done. */
    async remove(userId: string, epoch: number): Promise<void> {
      const begun = performance.now();
      let removed = 1;
      while (removed > 0 && performance.now() - begun < BUDGET_MS) removed = await removeBatch(userId, epoch).catch(() => 0);
    },

    /** All of them, for however long it takes. */
    async removeAll(userId: string, epoch: number): Promise<void> {
      while ((await removeBatch(userId, epoch)) > 0);
    },
  };
}

export type EndedSessions = ReturnType<typeof endedSessions>;

/** For the audit trail. No number where there is none: sessions outside of the database may end later. */
export const countOf = (ended: number): { ended?: number } => (ended > 0 ? { ended } : {});
