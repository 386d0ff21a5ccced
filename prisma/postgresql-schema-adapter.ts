import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Client, Pool, type ClientConfig, type FieldDef, type PoolConfig } from 'pg';

type Query = (...args: unknown[]) => unknown;
type Callback = (error: unknown, result: { fields?: FieldDef[] } | undefined) => void;

/** Type OIDs of `"char"`, which PostgreSQL uses in its system catalogs, and `text`. */
const CHAR = 18;
const TEXT = 25;

/**
 * A PostgreSQL adapter for Prisma's schema engine. The engine reads "char" columns from the system catalogs, which Prisma's adapter (7.10)
 * does not support; this adapter returns them as text.
 */
export function postgresqlSchemaAdapter(url: string): SqlMigrationAwareDriverAdapterFactory {
  class CharAsText extends Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      const send = this.query.bind(this) as Query;
      const query: Query = (...args) => {
        const callback = args.pop() as Callback;
        return send(...args, (error: unknown, result: { fields?: FieldDef[] } | undefined) => {
          for (const field of result?.fields ?? []) if (field.dataTypeID === CHAR) field.dataTypeID = TEXT;
          callback(error, result);
        });
      };
      this.query = query as typeof this.query;
    }
  }
  const pool = new Pool({ connectionString: url, max: 1, Client: CharAsText as unknown as NonNullable<PoolConfig['Client']> });
  return new PrismaPg(pool, { disposeExternalPool: true });
}
