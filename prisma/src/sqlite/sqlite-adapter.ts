import type { SqlDriverAdapter, SqlQuery, SqlQueryable, Transaction } from '@prisma/driver-adapter-utils';
import type { DriverOptions } from '../database.ts';
import { busyError, isBusy, whileBusy } from './busy.ts';
import { createWriteQueue } from './write-queue.ts';

/**
 * Combines two of Prisma's own connections into one adapter: one for single statements, one for transactions.
 *
 * Prisma's adapter has one connection and runs single statements while a transaction is open on it. The write of another request would become
 * part of the transaction, and be lost if that is rolled back. It also starts transactions as DEFERRED, so that the first write after a read
 * can fail with SQLITE_BUSY_SNAPSHOT, which waiting does not solve. This adapter starts them as IMMEDIATE, so no statement inside is ever
 * busy.
 */
export function sqliteAdapter(
  single: SqlDriverAdapter,
  transactional: SqlDriverAdapter,
  { busyTimeoutMs, onQuery }: Pick<DriverOptions, 'busyTimeoutMs' | 'onQuery'>,
): SqlDriverAdapter {
  const queue = createWriteQueue();

  /** Most statements never wait. One that is busy joins the write queue; at its head, it only waits for other processes. */
  async function run<T>(sql: string, statement: () => Promise<T>): Promise<T> {
    onQuery?.(sql);
    try {
      return await statement();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const deadline = performance.now() + busyTimeoutMs;
      const endTurn = await queue.turn(busyTimeoutMs);
      if (!endTurn) throw error;
      try {
        return await whileBusy(deadline, statement);
      } finally {
        endTurn();
      }
    }
  }

  const execute = (connection: SqlQueryable, sql: string): Promise<number> => connection.executeRaw({ sql, args: [], argTypes: [] });

  async function startTransaction(): Promise<Transaction> {
    onQuery?.('BEGIN IMMEDIATE');
    const deadline = performance.now() + busyTimeoutMs;
    const endTurn = await queue.turn(busyTimeoutMs);
    // The wait in the queue timed out. Throw the same error as if another process held the lock.
    if (!endTurn) throw busyError();
    try {
      await whileBusy(deadline, () => execute(transactional, 'BEGIN IMMEDIATE'));
    } catch (error) {
      endTurn();
      throw error;
    }
    return transaction(endTurn);
  }

  /** Prisma sends COMMIT or ROLLBACK itself and then calls `commit` or `rollback`. After a failed COMMIT it calls `rollback`. */
  function transaction(endTurn: () => void): Transaction {
    let open = true;
    const close = async (): Promise<void> => {
      // A failed COMMIT, for example on a full disk, can leave the transaction open.
      if (open) await execute(transactional, 'ROLLBACK').catch(() => undefined);
      open = false;
      endTurn();
    };
    const savepoint = async (sql: string): Promise<void> => {
      onQuery?.(sql);
      await execute(transactional, sql);
    };
    return {
      provider: 'sqlite',
      adapterName: transactional.adapterName,
      options: { usePhantomQuery: false },
      queryRaw(query: SqlQuery) {
        onQuery?.(query.sql);
        return transactional.queryRaw(query);
      },
      async executeRaw(query: SqlQuery) {
        onQuery?.(query.sql);
        const affected = await transactional.executeRaw(query);
        if (query.sql === 'COMMIT' || query.sql === 'ROLLBACK') open = false;
        return affected;
      },
      commit: close,
      rollback: close,
      createSavepoint: (name) => savepoint(`SAVEPOINT ${name}`),
      rollbackToSavepoint: (name) => savepoint(`ROLLBACK TO ${name}`),
      releaseSavepoint: (name) => savepoint(`RELEASE SAVEPOINT ${name}`),
    };
  }

  return {
    provider: 'sqlite',
    adapterName: single.adapterName,
    queryRaw: (query) => run(query.sql, () => single.queryRaw(query)),
    executeRaw: (query) => run(query.sql, () => single.executeRaw(query)),
    // The driver's method throws synchronously.
    executeScript: (script) => run(script, async () => single.executeScript(script)),
    startTransaction,
    async dispose() {
      await single.dispose();
      await transactional.dispose();
    },
  };
}
