import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import { unreachableProblem, type Place } from '../server/server-problem.ts';

/** What keeps a PostgreSQL database from being opened, and the mend. */
export async function postgresqlProblem(error: unknown, place: Place & { database: string }): Promise<string> {
  const mapped = error instanceof DriverAdapterError ? error.cause : undefined;
  const at = place.socket ?? `${place.host} port ${place.port}`;
  if (mapped?.kind === 'TlsConnectionError') {
    return `the server at ${at} and this one do not agree on TLS (${mapped.reason}). Set sslmode and sslrootcert in DATABASE_URL to what the server has.`;
  }
  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  switch (mapped?.originalCode ?? '') {
    case '28P01':
      return 'the server refuses this user and password. Correct them in DATABASE_URL.';
    case '28000':
      return `the server at ${at} lets this user in from here not at all. Correct the user in DATABASE_URL, or the server's pg_hba.conf.`;
    case '3D000':
      return `the server has no database ${place.database}. Create it (createdb ${place.database}), or correct the name in DATABASE_URL.`;
    case '42501':
      return `this user may not connect to the database ${place.database}. GRANT CONNECT on it, or use another user.`;
    case '53300':
      return 'all its connections are taken. End some, raise max_connections, or give each process fewer (connection_limit=5 in DATABASE_URL).';
    case '57P03':
      return 'it is starting or stopping. Try again in a moment.';
    default:
      if (mapped && (mapped.kind === 'postgres' || /^[0-9A-Z]{5}$/.test(mapped.originalCode ?? '')))
        return `PostgreSQL says: ${mapped.originalMessage ?? 'no more'}.`;
      return unreachableProblem(error, 'PostgreSQL', place);
  }
}
