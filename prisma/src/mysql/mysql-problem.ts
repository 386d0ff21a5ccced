import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlError } from 'mariadb';
import { certificateProblem } from '../server/certificate-problem.ts';
import { unreachableProblem, type Place } from '../server/server-problem.ts';
import type { TlsWords } from '../server/server-tls.ts';

interface Attempt extends Place {
  readonly database: string;
  readonly hasTls: boolean;
  readonly words: TlsWords;
}

const WITH_TLS =
  'ssl=true&sslca=/path/ca.pem (verify-ca in place of true for a certificate that names no host, such as those that MySQL makes)';

/** What keeps a MySQL or MariaDB database from being opened, and the mend. */
export async function mysqlProblem(error: unknown, attempt: Attempt): Promise<string> {
  const { errno, sqlMessage } = error as Partial<SqlError>;
  // https://mariadb.com/docs/server/reference/error-codes
  switch (errno ?? 0) {
    case 1045:
    case 1698:
      return `the server refuses this user and password. Correct them in DATABASE_URL${attempt.hasTls ? '' : '; a user that has to come by TLS needs ssl=true there'}.`;
    case 1044:
      return `this user may not use the database ${attempt.database}. GRANT ALL on it, or use another user.`;
    case 1049:
      return `the server has no database ${attempt.database}. Create it (CREATE DATABASE ${attempt.database} CHARACTER SET utf8mb4), or correct the name in DATABASE_URL.`;
    case 1040:
    case 1203:
      return 'all its connections are taken. End some, raise max_connections, or give each process fewer (connection_limit=5 in DATABASE_URL).';
    case 3159:
      return `the server takes no connection without TLS. Add to DATABASE_URL: ${WITH_TLS}.`;
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
      return `the server asks for the password in a way (caching_sha2_password) that is safe by TLS alone. Add to DATABASE_URL: ${WITH_TLS}.`;
    // MariaDB from 11.4 on proves with the password that its own certificate is its own; before, or with another password, it cannot.
    case 'ER_SELF_SIGNED':
    case 'ER_SELF_SIGNED_NO_PWD':
    case 'ER_SELF_SIGNED_BAD_PLUGIN':
      return 'the server refuses this user and password, or its certificate is signed by nobody whom this machine trusts. Correct them in DATABASE_URL, or name the file of its authority there: sslca=/path/ca.pem.';
    default:
      return certificateProblem(code, attempt) ?? unreachableProblem(error, 'MySQL or MariaDB', attempt);
  }
}
