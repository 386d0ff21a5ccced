import { mysqlUrl, TLS as MYSQL_TLS } from '../mysql/mysql-url.ts';
import { postgresqlUrl, TLS as POSTGRESQL_TLS } from '../postgresql/postgresql-url.ts';
import { tlsCheck } from './server-tls.ts';

/** Where an address leads, and how. */
export interface ServerDescription {
  readonly host: string;
  /** Of the socket file or its folder, where it is one. */
  readonly socket: string | undefined;
  /** undefined: the driver's default. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly isEncrypted: boolean;
  /** false where the address says so: the server's certificate may be anyone's. */
  readonly isChecked: boolean;
}

/** What `DATABASE_URL` says of a database server; no driver is loaded. Throws DatabaseOpenError where it cannot be read. */
export function describeServer(provider: 'mysql' | 'postgresql', url: string): ServerDescription {
  const [address, words] = provider === 'mysql' ? [mysqlUrl(url), MYSQL_TLS] : [postgresqlUrl(url), POSTGRESQL_TLS];
  const { host, socket, user, password } = address;
  const check = tlsCheck(url, address, words);
  return { host, socket, user, password, isEncrypted: check !== undefined, isChecked: check !== 'nothing' };
}
