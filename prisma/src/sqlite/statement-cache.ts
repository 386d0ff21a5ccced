import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { SelectingAdapter } from '../prepared-select.ts';

/** Per connection. There are a few dozen different statements, and some with a varying number of parameters. */
const MAX_STATEMENTS = 128;

/** The part of better-sqlite3's statement that is used here. */
interface Statement {
  readonly reader: boolean;
  run(...args: readonly unknown[]): unknown;
  columns(): { readonly name: string }[];
  raw(): Statement;
  safeIntegers(areSafe: boolean): Statement;
  all(...args: readonly unknown[]): unknown[][];
}

/** The part of better-sqlite3's connection that is used here. */
interface Client {
  prepare(sql: string): Statement;
}

/** What Prisma's adapter uses of a statement. */
interface Bound {
  readonly reader: boolean;
  run(): unknown;
  columns(): unknown;
  raw(): { all(): unknown[] };
}

const clientOf = (connection: SqlDriverAdapter): Client => (connection as unknown as { readonly client: Client }).client;

/**
 * Lets a connection of Prisma's adapter keep its prepared statements. The adapter prepares each statement anew, which takes longer than most
 * of them run.
 */
export function keepStatements(connection: SqlDriverAdapter): void {
  const client = clientOf(connection);
  const prepared = cacheOf(client.prepare.bind(client));
  // The driver can bind arguments to a statement only once, so they are passed when it runs.
  const bind = (statement: Statement, args: readonly unknown[]): Bound => ({
    reader: statement.reader,
    run: () => statement.run(...args),
    columns: () => statement.columns(),
    raw: () => ({ all: () => statement.raw().all(...args) }),
  });
  const prepare = (sql: string) => {
    const statement = prepared(sql);
    return { ...bind(statement, []), bind: (args: readonly unknown[]) => bind(statement, args) };
  };
  Object.assign(client, { prepare });
}

/** See `SelectingAdapter`. The text must name its columns. Call it before `keepStatements`. */
export function selectAtOnce(
  connection: SqlDriverAdapter,
  onQuery: ((sql: string) => void) | undefined,
): NonNullable<SelectingAdapter['selectAtOnce']> {
  const client = clientOf(connection);
  const prepare = client.prepare.bind(client);
  const prepared = cacheOf((sql) => {
    const statement = prepare(sql).raw().safeIntegers(false);
    return { statement, columnNames: statement.columns().map(({ name }) => name) };
  });
  return (sql, values) => {
    try {
      const { statement, columnNames } = prepared(sql);
      const rows = statement.all(...values);
      onQuery?.(sql);
      return { columnNames, rows };
    } catch {
      return undefined;
    }
  };
}

/** Keeps the values that were used last. */
function cacheOf<T>(make: (sql: string) => T): (sql: string) => T {
  const kept = new Map<string, T>();
  return (sql) => {
    const value = kept.get(sql) ?? make(sql);
    // The last used one is the last of the map.
    kept.delete(sql);
    kept.set(sql, value);
    if (kept.size > MAX_STATEMENTS) kept.delete(kept.keys().next().value as string);
    return value;
  };
}
