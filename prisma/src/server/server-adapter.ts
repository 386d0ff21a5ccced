import { setTimeout as sleep } from 'node:timers/promises';
import { DriverAdapterError, type SqlDriverAdapter, type SqlQuery, type Transaction } from '@prisma/driver-adapter-utils';
import { connectionLost } from './connection-errors.ts';

const ATTEMPTS = 5;
const MAX_PAUSE_MS = 20;

/**
 * Adds to Prisma's adapter for a database server: a single statement that was the victim of a deadlock is repeated, because it changed
 * nothing; and every error has a code.
 */
export function serverAdapter(adapter: SqlDriverAdapter, onQuery: ((sql: string) => void) | undefined): SqlDriverAdapter {
  const run = <T>(sql: string, statement: () => Promise<T>): Promise<T> => {
    onQuery?.(sql);
    return repeatOnConflict(() => withErrorCode(statement));
  };
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => run(query.sql, () => adapter.queryRaw(query)),
    executeRaw: (query) => run(query.sql, () => adapter.executeRaw(query)),
    executeScript: (script) => withErrorCode(async () => adapter.executeScript(script)),
    getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: false },
    async startTransaction(isolationLevel) {
      onQuery?.('BEGIN');
      return serverTransaction(await withErrorCode(() => adapter.startTransaction(isolationLevel)), onQuery);
    },
    dispose: () => adapter.dispose(),
  };
}

function serverTransaction(transaction: Transaction, onQuery: ((sql: string) => void) | undefined): Transaction {
  // Prisma's adapter for MySQL sends COMMIT and ROLLBACK itself. For PostgreSQL they arrive as statements before `commit` and `rollback`.
  const { usePhantomQuery } = transaction.options;
  let open = true;
  let released = false;

  /** Returns the connection to the pool after ending the transaction, or its next user would be part of it. */
  async function release(): Promise<void> {
    if (released) return;
    released = true;
    if (open && !usePhantomQuery) await transaction.executeRaw(plain('ROLLBACK')).catch(() => 0);
    // A lost connection has rolled back already. The caller reports the original error.
    await transaction.rollback().catch(() => undefined);
  }

  const savepoint = (sql: string, set: () => Promise<void> | undefined): Promise<void> => {
    onQuery?.(sql);
    return withErrorCode(async () => set());
  };

  return {
    provider: transaction.provider,
    adapterName: transaction.adapterName,
    options: transaction.options,
    queryRaw(query) {
      onQuery?.(query.sql);
      return withErrorCode(() => transaction.queryRaw(query));
    },
    async executeRaw(query) {
      onQuery?.(query.sql);
      if (query.sql === 'ROLLBACK') return 0;
      const affected = await withErrorCode(() => transaction.executeRaw(query));
      if (query.sql === 'COMMIT') open = false;
      return affected;
    },
    async commit() {
      try {
        if (usePhantomQuery) onQuery?.('COMMIT');
        released = true;
        await withErrorCode(() => transaction.commit());
      } catch (error) {
        await release();
        throw error;
      }
    },
    rollback() {
      if (usePhantomQuery) onQuery?.('ROLLBACK');
      return release();
    },
    createSavepoint: (name) => savepoint(`SAVEPOINT ${name}`, () => transaction.createSavepoint?.(name)),
    rollbackToSavepoint: (name) => savepoint(`ROLLBACK TO ${name}`, () => transaction.rollbackToSavepoint?.(name)),
    releaseSavepoint: (name) => savepoint(`RELEASE SAVEPOINT ${name}`, () => transaction.releaseSavepoint?.(name)),
  };
}

/**
 * Turns plain errors into connection errors: drivers throw them, some only with a message, if the error is not from the server. A TypeError
 * or RangeError means that a value is invalid and nothing was sent.
 */
async function withErrorCode<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    if (error instanceof DriverAdapterError || error instanceof TypeError || error instanceof RangeError) throw error;
    throw connectionLost(error);
  }
}

/** Pauses are random and grow, so that the same statements do not collide again. */
async function repeatOnConflict<T>(statement: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await statement();
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof DriverAdapterError && error.cause.kind === 'TransactionWriteConflict')) throw error;
      await sleep(Math.random() * MAX_PAUSE_MS * attempt);
    }
  }
}

/** A statement without parameters. */
export const plain = (sql: string): SqlQuery => ({ sql, args: [], argTypes: [] });
