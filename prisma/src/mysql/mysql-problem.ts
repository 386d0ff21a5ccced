import type { SqlError } from 'mariadb';
import { unreachableProblem, type Place } from '../server/server-problem.ts';

/** What keeps a MySQL or MariaDB database from being opened, and the mend. */
export async function mysqlProblem(error: unknown, place: Place & { database: string }): Promise<string> {
  const { errno, sqlMessage } = error as Partial<SqlError>;
  // https://mariadb.com/docs/server/reference/error-codes
  switch (errno ?? 0) {
    case 1045:
    case 1698:
      return 'the server refuses this user and password. Correct them in DATABASE_URL.';
    case 1044:
      return `this user may not use the database ${place.database}. GRANT ALL on it, or use another user.`;
    case 1049:
      return `the server has no database ${place.database}. Create it (CREATE DATABASE ${place.database} CHARACTER SET utf8mb4), or correct the name in DATABASE_URL.`;
    case 1040:
    case 1203:
      return 'all its connections are taken. End some, raise max_connections, or give each process fewer (connection_limit=5 in DATABASE_URL).';
    default:
      return typeof sqlMessage === 'string' ? `the server says: ${sqlMessage}.` : unreachableProblem(error, 'MySQL or MariaDB', place);
  }
}
