import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Client, Pool, type ClientConfig, type FieldDef, type PoolConfig } from 'pg';

type Query = (...args: unknown[]) => unknown;
type Callback = (error: unknown, result: { fields?: FieldDef[] } | undefined) => void;

/** Of PostgreSQL's `"char"`, a letter in its own catalogues, and of `text`. */
const CHAR = 18;
const TEXT = 25;

/**
 * PostgreSQL for Prisma's schema engine. The engine reads columns of type "char" from the catalogues, a type
 * that Prisma's adapter (7.10) refuses; here they come as text.
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
