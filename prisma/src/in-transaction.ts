import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';

type Prisma = Database['prisma'];

/** The client inside a transaction. */
export type Transaction = Parameters<Parameters<Prisma['$transaction']>[0]>[0];

const ATTEMPTS = 6;
const MAX_PAUSE_MS = 20;

/**
 * Runs an interactive transaction, and repeats it as a whole after a deadlock or serialization failure (1213, 40P01, 40001). `work` may
 * run several times, so it must have no effects outside the database. Pauses are random and grow, so that the same transactions do not
 * collide again.
 * https://www.prisma.io/docs/orm/prisma-client/queries/transactions#transaction-timing-issues
 */
export async function inTransaction<T>(
  prisma: Prisma,
  work: (tx: Transaction) => Promise<T>,
  { repeatOn = isConflict }: { repeatOn?: (error: unknown) => boolean } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prisma.$transaction(work);
    } catch (error) {
      if (attempt === ATTEMPTS || !repeatOn(error)) throw error;
      await sleep(Math.random() * MAX_PAUSE_MS * attempt);
    }
  }
}

/** P2034: a deadlock or serialization failure. */
export const isConflict = (error: unknown): boolean => codeOf(error) === 'P2034' || kindOfRaw(error) === 'TransactionWriteConflict';

/** P2002: another row has the same key. https://www.prisma.io/docs/orm/reference/error-reference#p2002 */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === 'P2002' || kindOfRaw(error) === 'UniqueConstraintViolation';

interface RawError {
  readonly code?: unknown;
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { readonly kind?: unknown } } };
}

const codeOf = (error: unknown): unknown => (error as RawError | null)?.code;

/** Every failure of a raw statement is a P2010. What kind it is, the driver says. */
const kindOfRaw = (error: unknown): unknown =>
  codeOf(error) === 'P2010' ? (error as RawError).meta?.driverAdapterError?.cause?.kind : undefined;
