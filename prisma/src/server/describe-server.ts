import { mysqlUrl, TLS as MYSQL_TLS } from '../mysql/mysql-url.ts';
import { postgresqlUrl, TLS as POSTGRESQL_TLS } from '../postgresql/postgresql-url.ts';
import { tlsCheck } from './server-tls.ts';

/** The server that a `DATABASE_URL` names. */
export interface ServerDescription {
  readonly host: string;
  /** The path of the socket file or its folder; undefined for TCP. */
  readonly socket: string | undefined;
  /** undefined for the driver's default. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly isEncrypted: boolean;
  /** Whether the server's certificate is verified. */
  readonly isChecked: boolean;
}

/** Parses the `DATABASE_URL` of a database server without loading a driver. @throws DatabaseOpenError if it is invalid. */
export function describeServer(provider: 'mysql' | 'postgresql', url: string): ServerDescription {
  const [address, words] = provider === 'mysql' ? [mysqlUrl(url), MYSQL_TLS] : [postgresqlUrl(url), POSTGRESQL_TLS];
  const { host, socket, user, password } = address;
  const check = tlsCheck(url, address, words);
  return { host, socket, user, password, isEncrypted: check !== undefined, isChecked: check !== 'nothing' };
}
