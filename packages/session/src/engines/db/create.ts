import { inTransaction, type Database, type Transaction } from '@gatehouse/prisma';
import { sql } from '@gatehouse/prisma/sql';
import type { CreateOptions, SessionRecord } from '../../engine-port.ts';
import { evictedSessions, type EngineOptions } from '../../engine-options.ts';
import { createKeyQueue } from '../../key-queue.ts';
import { toColumns } from './rows.ts';
import { forUpdate, forShare } from './sql.ts';
import type { EndedRow } from './user-sessions.ts';

/** `onEnded` is called for each session that ends because of the new one, possibly several times. */
export type DbCreate = (record: SessionRecord, options?: CreateOptions & { onEnded?: (handle: string) => void }) => Promise<boolean>;

/** `endSurplus` ends the user's sessions that exceed the limit. */
export function dbCreate(
  { database, limitPerUser = 0, now = Date.now, onEvicted }: Omit<EngineOptions, 'database'> & { readonly database: Database },
  endSurplus: (tx: Transaction, record: SessionRecord, limit: number) => Promise<EndedRow[]>,
): DbCreate {
  const { prisma, provider } = database;
  const runSerialized = createKeyQueue();

  return async (record, { successor, onEnded } = {}) => {
    const { userId, credentialEpoch } = record;
    const row = { data: toColumns(record, successor === undefined ? undefined : { successor, claimedAtMs: now() }) };
    if (userId === null) {
      await prisma.session.createMany(row);
      return true;
    }
    // A pointer to another session does not count.
    const isLimited = limitPerUser > 0 && successor === undefined;
    let evicted: readonly EndedRow[] = [];

    async function store(tx: Transaction): Promise<boolean> {
      evicted = [];
      // Locks the user's row, so that a password change or suspension happens before or after this sign-in, never
      // between its check and its insert. The lock is exclusive if sessions are counted, so that each of several
      // concurrent sign-ins counts those before it.
      const hold = isLimited ? forUpdate(provider) : forShare(provider);
      const active = await tx.$queryRaw<unknown[]>(sql`
        SELECT user_id FROM gatehouse_user
        WHERE user_id = ${userId} AND credential_epoch = ${credentialEpoch} AND status = 'active' ${hold}`);
      if (active.length === 0) return false;
      await tx.session.createMany(row);
      if (isLimited) evicted = await endSurplus(tx, record, limitPerUser);
      for (const { handle } of evicted) onEnded?.(handle);
      return true;
    }

    const create = (): Promise<boolean> => inTransaction(prisma, store);
    // Sign-ins of one account wait for each other here instead of each holding a connection while it waits for the
    // row's lock.
    const created = isLimited ? await runSerialized(userId, create) : await create();
    if (evicted.length > 0) await onEvicted?.(evictedSessions(record, evicted, now()));
    return created;
  };
}
