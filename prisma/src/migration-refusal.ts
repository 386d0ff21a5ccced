import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.ts';

const READ_ONLY = 'The database, or this user, is read-only: connect to the primary, or turn read-only mode off.';

const MAY_NOT_CREATE =
  'The user of DATABASE_URL may not create tables there. Let it: GRANT ALL on the database. Or migrate as another user, with gatehouse migrate.';

/** What to do if a database lets a user connect but not create tables, by the server's error code. */
const FIXES: Readonly<Record<string, string>> = {
  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  '42501':
    'The user of DATABASE_URL may not create tables there; from PostgreSQL 15 on, only the owner of the database may. Make it the owner (ALTER DATABASE … OWNER TO …), or GRANT CREATE ON SCHEMA public TO it. Or migrate as another user, with gatehouse migrate.',
  '3F000': 'No schema of search_path exists. Create it, or name another in DATABASE_URL: ?schema=public.',
  '25006': READ_ONLY,
  // https://mariadb.com/docs/server/reference/error-codes
  '1044': MAY_NOT_CREATE,
  '1142': MAY_NOT_CREATE,
  '1290': READ_ONLY,
  '1792': READ_ONLY,
  '1836': READ_ONLY,
};

/** The error with its fix, if the database refuses to create the first table. Otherwise the error itself. */
export function explainRefusal(error: unknown, migration: string): unknown {
  if (!(error instanceof DriverAdapterError)) return error;
  const { originalCode = '', originalMessage = error.message } = error.cause;
  const fix = Object.hasOwn(FIXES, originalCode) ? FIXES[originalCode] : undefined;
  return fix === undefined ? error : new MigrationError(migration, `cannot be applied: ${originalMessage}. ${fix}`, { cause: error });
}
