import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Provider } from './provider.ts';

/** A value of a parameter. */
export type SelectValue = string | number | null;

/** Runs the prepared statement with these values. */
export type PreparedSelect<Row> = (values: readonly SelectValue[]) => Promise<Row[]>;

/** An adapter with a faster way to run a SELECT. */
export interface SelectingAdapter extends SqlDriverAdapter {
  /** Keeps this statement prepared from now on. */
  readonly prepare?: (text: string) => void;
  /** The rows in the order of the columns; undefined if it cannot answer at once. `queryRaw` then answers, or reports the error. */
  readonly selectAtOnce?: (text: string, values: readonly SelectValue[]) => Selected | undefined;
}

export interface Selected {
  readonly columnNames: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * A SELECT that runs with every request. It goes to the driver's adapter directly, because Prisma's client takes longer than the statement
 * itself. Parameters are written as `?`. Errors are those of the adapter, which `isDatabaseUnavailable` knows.
 *
 * Values are as the adapter returns them: a time is epoch milliseconds or an ISO text, an integer can be a bigint or text.
 */
export function prepareSelect<Row>(adapter: SelectingAdapter, provider: Provider, text: string): PreparedSelect<Row> {
  const statement = provider === 'postgresql' ? numbered(text) : provider === 'sqlite' ? unplanned(text) : text;
  adapter.prepare?.(statement);
  return async (values) => {
    const { columnNames, rows } = adapter.selectAtOnce?.(statement, values) ?? (await adapter.queryRaw(query(statement, values)));
    return rows.map((row) => toObject(columnNames, row) as Row);
  };
}

const query = (sql: string, values: readonly SelectValue[]) => ({
  sql,
  args: [...values],
  argTypes: values.map((value) => ({
    scalarType: typeof value === 'number' ? ('bigint' as const) : ('string' as const),
    arity: 'scalar' as const,
  })),
});

/** PostgreSQL numbers its parameters. */
function numbered(text: string): string {
  let count = 0;
  return text.replaceAll('?', () => `$${(count += 1)}`);
}

/**
 * With `= ?` in a join, SQLite chooses the plan by the value, and prepares the statement anew for each value. That takes ten times as long as
 * running it. It does not look at the value of an expression, such as `+?`, which is otherwise the same.
 * https://www.sqlite.org/compile.html#enable_stat4
 */
const unplanned = (text: string): string => text.replaceAll('?', '+?');

function toObject(names: readonly string[], row: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let index = 0; index < names.length; index += 1) object[names[index] as string] = row[index];
  return object;
}
