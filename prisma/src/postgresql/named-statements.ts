import { DriverAdapterError, type SqlDriverAdapter, type SqlQuery } from '@prisma/driver-adapter-utils';
import type { SelectingAdapter } from '../prepared-select.ts';

/** A name that the connection does not know, and one that it knows already: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNPREPARED: ReadonlySet<string> = new Set(['26000', '42P05']);

export interface NamedStatements {
  /** The name under which a connection keeps a statement. Empty: it is parsed and planned each time. */
  readonly nameOf: (query: Pick<SqlQuery, 'sql'>) => string;
  /** Keeps the statements of `prepareSelect` prepared. */
  readonly select: (adapter: SqlDriverAdapter) => SelectingAdapter;
}

/**
 * Prepared statements belong to one connection of the server. A pooler that gives each transaction another one would lose them, so there are
 * none then, and none after the first error that shows such a pooler.
 */
export function namedStatements(isAllowed: () => boolean): NamedStatements {
  const names = new Map<string, string>();
  let isLost = false;
  return {
    nameOf: ({ sql }) => (isLost ? '' : (names.get(sql) ?? '')),
    select: (adapter) => ({
      ...adapter,
      prepare(text) {
        if (isAllowed() && !names.has(text)) names.set(text, `gatehouse_${names.size + 1}`);
      },
      async queryRaw(query) {
        try {
          return await adapter.queryRaw(query);
        } catch (error) {
          const isUnprepared = error instanceof DriverAdapterError && UNPREPARED.has(error.cause.originalCode ?? '');
          if (!isUnprepared || !names.has(query.sql)) throw error;
          isLost = true;
          return adapter.queryRaw(query);
        }
      },
    }),
  };
}
