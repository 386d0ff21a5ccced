import type { SqlDriverAdapter, SqlQuery, SqlQueryable, Transaction } from '@prisma/driver-adapter-utils';
import type { DriverOptions } from '../database.ts';
import { busyError, isBusy, whileBusy } from './busy.ts';
import { createWriteQueue } from './write-queue.ts';

/**
 * One adapter for Prisma made of two connections of Prisma's own: one for single statements, one for transactions.
 *
 * Prisma's adapter has one connection and lets single statements through while a transaction is open on it: another
 * request's write would become part of the transaction, and vanish if that is rolled back. It also begins
 * transactions deferred, so that the first write of one that has read can fail with SQLITE_BUSY_SNAPSHOT, which
 * no waiting mends; here they begin IMMEDIATE, and nothing inside them is ever busy.
 */
export function sqliteAdapter(
  single: SqlDriverAdapter,
  transactional: SqlDriverAdapter,
  { busyTimeoutMs, onQuery }: Pick<DriverOptions, 'busyTimeoutMs' | 'onQuery'>,
): SqlDriverAdapter {
  const queue = createWriteQueue();

  /** Most statements never wait. One that does joins the line of writers, and from its head waits only for other processes. */
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
    // The line was too long: the same error as when another process holds the lock.
    if (!endTurn) throw busyError();
    try {
      await whileBusy(deadline, () => execute(transactional, 'BEGIN IMMEDIATE'));
    } catch (error) {
      endTurn();
      throw error;
    }
    return transaction(endTurn);
  }

  /** Prisma sends COMMIT or ROLLBACK itself and then calls `commit` or `rollback`, the latter also after a failed COMMIT. */
  function transaction(endTurn: () => void): Transaction {
    let open = true;
    const close = async (): Promise<void> => {
      // A COMMIT that failed (a full disk) can leave the transaction open, and the connection with it.
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
    // The driver's own is not async and throws.
    executeScript: (script) => run(script, async () => single.executeScript(script)),
    startTransaction,
    async dispose() {
      await single.dispose();
      await transactional.dispose();
    },
  };
}
