import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlError } from 'mariadb';
import { certificateProblem } from '../server/certificate-problem.ts';
import { unreachableProblem, type ServerTarget } from '../server/server-problem.ts';
import type { TlsParameters } from '../server/server-tls.ts';

interface Attempt extends ServerTarget {
  readonly database: string;
  readonly hasTls: boolean;
  readonly words: TlsParameters;
}

const WITH_TLS = 'ssl=true&sslca=/path/ca.pem (or ssl=verify-ca for a certificate without a host name, such as those that MySQL generates)';

/** Why a MySQL or MariaDB database cannot be opened, and the fix. */
export async function mysqlProblem(error: unknown, attempt: Attempt): Promise<string> {
  const { errno, sqlMessage } = error as Partial<SqlError>;
  // https://mariadb.com/docs/server/reference/error-codes
  switch (errno ?? 0) {
    case 1045:
    case 1698:
      return `the server refuses this user and password. Correct them in DATABASE_URL${attempt.hasTls ? '' : '; a user that requires TLS needs ssl=true there'}.`;
    case 1044:
      return `this user may not use the database ${attempt.database}. GRANT ALL on it, or use another user.`;
    case 1049:
      return `the server has no database ${attempt.database}. Create it (CREATE DATABASE ${attempt.database} CHARACTER SET utf8mb4), or correct the name in DATABASE_URL.`;
    case 1040:
    case 1203:
      return 'all its connections are in use. Close some, raise max_connections, or give each process fewer (connection_limit=5 in DATABASE_URL).';
    case 3159:
      return `the server requires TLS. Add to DATABASE_URL: ${WITH_TLS}.`;
    default:
      return typeof sqlMessage === 'string' ? `the server says: ${sqlMessage}.` : driverProblem(error, attempt);
  }
}

/** The driver's own errors: https://github.com/mariadb-corporation/mariadb-connector-nodejs/blob/main/lib/misc/errors.js */
async function driverProblem(error: unknown, attempt: Attempt): Promise<string> {
  const code = (error instanceof DriverAdapterError ? error.cause.originalCode : undefined) ?? '';
  switch (code) {
    case 'ER_SERVER_SSL_DISABLED':
      return 'the server has no TLS. Turn it on there (ssl_cert and ssl_key), or leave ssl and sslca out of DATABASE_URL.';
    case 'ER_CANNOT_RETRIEVE_RSA_KEY':
      return `the server asks for the password in a way (caching_sha2_password) that is only safe with TLS. Add to DATABASE_URL: ${WITH_TLS}.`;
    // MariaDB 11.4 and later use the password to prove that a self-signed certificate is theirs, which fails if the password is wrong.
    case 'ER_SELF_SIGNED':
    case 'ER_SELF_SIGNED_NO_PWD':
    case 'ER_SELF_SIGNED_BAD_PLUGIN':
      return 'the server refuses this user and password, or its certificate is not signed by an authority that this machine trusts. Correct them in DATABASE_URL, or add the authority there: sslca=/path/ca.pem.';
    default:
      return certificateProblem(code, attempt) ?? unreachableProblem(error, 'MySQL or MariaDB', attempt);
  }
}
