import { setTimeout as sleep } from 'node:timers/promises';
import { DriverAdapterError, type SqlDriverAdapter, type SqlQuery, type Transaction } from '@prisma/driver-adapter-utils';
import { connectionLost } from './connection-errors.ts';

const ATTEMPTS = 5;
const MAX_PAUSE_MS = 20;

/**
 * Prisma's own adapter for a database server, with what it leaves to the application: a single statement that the
 * server ended to break a deadlock is repeated (alone, it changed nothing), and every error has a code.
 */
export function serverAdapter(adapter: SqlDriverAdapter, onQuery: ((sql: string) => void) | undefined): SqlDriverAdapter {
  const run = <T>(sql: string, statement: () => Promise<T>): Promise<T> => {
    onQuery?.(sql);
    return repeatOnConflict(() => coded(statement));
  };
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: (query) => run(query.sql, () => adapter.queryRaw(query)),
    executeRaw: (query) => run(query.sql, () => adapter.executeRaw(query)),
    executeScript: (script) => coded(async () => adapter.executeScript(script)),
    getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: false },
    async startTransaction(isolationLevel) {
      onQuery?.('BEGIN');
      return serverTransaction(await coded(() => adapter.startTransaction(isolationLevel)), onQuery);
    },
    dispose: () => adapter.dispose(),
  };
}

function serverTransaction(transaction: Transaction, onQuery: ((sql: string) => void) | undefined): Transaction {
  // Prisma's adapter for MySQL sends COMMIT and ROLLBACK itself; for PostgreSQL they come as statements, before `commit` and `rollback`.
  const { usePhantomQuery } = transaction.options;
  let open = true;
  let released = false;

  /** Gives the connection back, never with a transaction open on it: whoever gets it next would be part of that. */
  async function release(): Promise<void> {
    if (released) return;
    released = true;
    if (open && !usePhantomQuery) await transaction.executeRaw(plain('ROLLBACK')).catch(() => 0);
    // A connection that is lost has rolled back already; the error to report is the one that led here.
    await transaction.rollback().catch(() => undefined);
  }

  const savepoint = (sql: string, set: () => Promise<void> | undefined): Promise<void> => {
    onQuery?.(sql);
    return coded(async () => set());
  };

  return {
    provider: transaction.provider,
    adapterName: transaction.adapterName,
    options: transaction.options,
    queryRaw(query) {
      onQuery?.(query.sql);
      return coded(() => transaction.queryRaw(query));
    },
    async executeRaw(query) {
      onQuery?.(query.sql);
      if (query.sql === 'ROLLBACK') return 0;
      const affected = await coded(() => transaction.executeRaw(query));
      if (query.sql === 'COMMIT') open = false;
      return affected;
    },
    async commit() {
      try {
        if (usePhantomQuery) onQuery?.('COMMIT');
        released = true;
        await coded(() => transaction.commit());
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
 * What is not from the server is from the connection to it: drivers throw those as plain errors, some with nothing but a message.
 * A TypeError or RangeError is about a value, before anything was sent.
 */
async function coded<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    if (error instanceof DriverAdapterError || error instanceof TypeError || error instanceof RangeError) throw error;
    throw connectionLost(error);
  }
}

/** Pauses grow and are random, so that those who met do not meet again. */
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

/** A statement without values. */
export const plain = (sql: string): SqlQuery => ({ sql, args: [], argTypes: [] });
