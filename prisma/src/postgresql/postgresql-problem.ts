import { ChannelBindingError } from './bound-client.ts';
import { certificateProblem } from '../server/certificate-problem.ts';
import { unreachableProblem, type ServerTarget } from '../server/server-problem.ts';
import type { TlsParameters } from '../server/server-tls.ts';
import { postgresqlSupportsTls } from '../server/detect-server.ts';

interface Attempt extends ServerTarget {
  readonly database: string;
  readonly hasTls: boolean;
  readonly words: TlsParameters;
}

/** Why a PostgreSQL database cannot be opened, and the fix. */
export async function postgresqlProblem(error: unknown, attempt: Attempt): Promise<string> {
  const { host, port, socket, database, hasTls } = attempt;
  if (error instanceof ChannelBindingError)
    return 'the server does not support channel binding (SCRAM-SHA-256-PLUS), which channel_binding=require demands. Store the password of the user with scram-sha-256, or remove channel_binding.';
  const at = socket ?? `${host} port ${port}`;
  const { code = '', message } = error as { code?: string; message: string };
  // https://www.postgresql.org/docs/current/errcodes-appendix.html
  switch (code) {
    case '28P01':
      return 'the server refuses this user and password. Correct them in DATABASE_URL.';
    case '28000':
      return `the server at ${at} has no such user, or refuses connections of this user from this address${hasTls ? '' : ', or accepts them only with TLS'}. Correct the user in DATABASE_URL, or the server's pg_hba.conf${hasTls ? '' : '; for TLS add sslmode=verify-full&sslrootcert=/path/ca.pem'}.`;
    case '3D000':
      return `the server has no database ${database}. Create it (createdb ${database}), or correct the name in DATABASE_URL.`;
    case '42501':
      return `this user may not connect to the database ${database}. GRANT CONNECT on it, or use another user.`;
    case '53300':
      return 'all its connections are in use. Close some, raise max_connections, or give each process fewer (connection_limit=5 in DATABASE_URL).';
    case '57P03':
      return 'it is starting or stopping. Try again in a moment.';
    default:
      if (/^[0-9A-Z]{5}$/.test(code)) return `PostgreSQL says: ${message}.`;
      // The driver has no error code for a server without TLS.
      if (hasTls && socket === undefined && (await postgresqlSupportsTls({ host, port })) === false)
        return `the server at ${at} has no TLS. Turn it on there (ssl = on), or remove sslmode and its files from DATABASE_URL.`;
      return certificateProblem(code, attempt) ?? unreachableProblem(error, 'PostgreSQL', attempt);
  }
}
