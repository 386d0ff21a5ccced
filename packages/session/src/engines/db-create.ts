import { inTransaction, isConflict, isUniqueViolation, type Transaction } from '@gatehouse/prisma';
import { join, sqltag as sql, type Sql } from '@prisma/client/runtime/client';
import type { CreateOptions, SessionRecord } from '../engine-port.ts';
import { createKeyQueue } from '../key-queue.ts';
import { evictedSessions, type EngineOptions } from '../engine-options.ts';
import { toColumns, type SessionKey } from './db-rows.ts';
import { lockRow, shareRow } from './db-sql.ts';
import type { EndedRow } from './db-user-sessions.ts';

/** `onEnded`: told of each session that goes with it besides `replaces`, perhaps more than once. */
export type DbCreate = (record: SessionRecord, options?: CreateOptions & { onEnded?: (key: string) => void }) => Promise<boolean>;

/** `live`: what is live at this moment, as a condition. `endSurplus`: ends what a new session is too many for. */
export function dbCreate(
  { database, limitPerUser = 0, now = Date.now, onEvicted }: EngineOptions,
  live: () => Sql,
  endSurplus: (tx: Transaction, record: SessionRecord, limit: number) => Promise<EndedRow[]>,
): DbCreate {
  const { prisma, provider } = database;
  const inTurn = createKeyQueue();

  return async (record, { replaces, onlyIfLive = false, onEnded } = {}) => {
    const { userId, credentialEpoch } = record;
    const row = { data: toColumns(record, replaces) };
    if (userId === null && replaces === undefined) {
      await prisma.session.createMany(row);
      return true;
    }
    // A rotation adds no session.
    const isLimited = limitPerUser > 0 && userId !== null && !onlyIfLive;
    let evicted: readonly EndedRow[] = [];

    async function store(tx: Transaction): Promise<boolean> {
      evicted = [];
      if (userId !== null) {
        // Holds the user's row: a password change or suspension comes before or after this sign-in, never between its check and its
        // row. Alone where sessions are counted, so that of several sign-ins at once each counts those before it; else shared.
        const hold = isLimited ? lockRow(provider) : shareRow(provider);
        const standing = await tx.$queryRaw<unknown[]>(sql`
          SELECT user_id FROM gatehouse_user
          WHERE user_id = ${userId} AND credential_epoch = ${credentialEpoch} AND status = 'active' ${hold}`);
        if (standing.length === 0) return false;
      }
      if (replaces !== undefined) {
        // By their own names: one that was made this moment is not ended untold. It is in the way, and the next try finds it.
        const successors = await tx.$queryRaw<SessionKey[]>(
          sql`SELECT session_key FROM gatehouse_session WHERE replaced_key = ${replaces}`,
        );
        for (const { session_key } of successors) onEnded?.(session_key);
        const old = sql`session_key IN (${join([replaces, ...successors.map(({ session_key }) => session_key)])})`;
        const ended = await tx.$executeRaw(sql`DELETE FROM gatehouse_session WHERE ${old} AND ${live()}`);
        if (onlyIfLive && ended === 0) return false;
        await tx.$executeRaw(sql`DELETE FROM gatehouse_session WHERE ${old}`);
      }
      await tx.session.createMany(row);
      if (isLimited) evicted = await endSurplus(tx, record, limitPerUser);
      for (const { session_key } of evicted) onEnded?.(session_key);
      return true;
    }

    // Another sign-in over the same session was faster, and this one does not see it yet: again, it does.
    const repeatOn = (error: unknown): boolean => isConflict(error) || (replaces !== undefined && isUniqueViolation(error));
    const create = (): Promise<boolean> => inTransaction(prisma, store, { repeatOn });
    // Sign-ins of one account wait for each other here, and not with a connection each at the lock of its row.
    const created = isLimited ? await inTurn(userId, create) : await create();
    if (evicted.length > 0) await onEvicted?.(evictedSessions(record, evicted, now()));
    return created;
  };
}
