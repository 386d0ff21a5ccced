import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Pool, type PoolConfig } from 'pg';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { Connections, DriverOptions } from '../database.ts';
import { serverAdapter } from '../server/server-adapter.ts';
import { serverTls, type TlsWords } from '../server/server-tls.ts';
import { serverUrl } from '../server/server-url.ts';
import { patient, timeLimits, UNLIMITED, type TimeLimits } from '../server/time-limits.ts';
import { boundedClient } from './bounded-client.ts';
import { postgresqlProblem } from './postgresql-problem.ts';

/** Those of libpq, but for `require`, which checks the certificate here, and `no-verify`, which is what libpq calls `require`. */
const TLS: TlsWords = {
  mode: 'sslmode',
  checks: { disable: undefined, require: 'host', 'verify-ca': 'authority', 'verify-full': 'host', 'no-verify': 'nothing' },
  files: { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' },
};

/** `schema` is Prisma's. */
const PARAMETERS = ['host', 'schema', TLS.mode, ...Object.values(TLS.files), 'application_name'];

const IDLE_TIMEOUT_MS = 30_000;
/** A transaction of a process that is gone without closing its connection holds its locks no longer than this. */
const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;

/** Connections to a PostgreSQL database. Throws DatabaseOpenError where there are none to be had. */
export async function openPostgresql(url: string, options: DriverOptions): Promise<Connections> {
  const address = serverUrl(url, { defaultPort: 5432, parameters: PARAMETERS });
  const { host, port, user, parameters, connectionLimit } = address;
  const schema = parameters.get('schema');
  if (schema !== undefined && !/^\w+$/.test(schema)) throw new DatabaseOpenError(url, 'schema must be a name of letters, digits and _.');
  const socket = parameters.get('host')?.startsWith('/') ? parameters.get('host') : undefined;

  // As libpq: a socket file has none.
  const ssl = (socket === undefined && serverTls(url, address, TLS)) || false;
  const connectionString = URL.parse(url);
  for (const name of ['schema', 'connection_limit', TLS.mode, ...Object.values(TLS.files)]) connectionString?.searchParams.delete(name);

  const settings = (limits: TimeLimits): string =>
    [
      'TimeZone=UTC',
      // A statement sees what was committed before it began; what it changes, it judges anew under the row's lock.
      String.raw`default_transaction_isolation=read\ committed`,
      `idle_in_transaction_session_timeout=${limits.serverMs === undefined ? 0 : IDLE_TRANSACTION_TIMEOUT_MS}`,
      `statement_timeout=${limits.serverMs ?? 0}`,
      ...(schema === undefined ? [] : [`search_path=${schema}`]),
    ]
      .map((setting) => `-c ${setting}`)
      .join(' ');

  const config = (limits: TimeLimits): PoolConfig => ({
    connectionString: connectionString?.href,
    ssl,
    // Where the address names none; the library would take the name of this process's user from the environment.
    ...(user === undefined && { user: 'postgres' }),
    options: settings(limits),
    connectionTimeoutMillis: limits.acquireMs,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    ...(limits.clientMs !== undefined && { Client: boundedClient(limits.clientMs) }),
  });

  const prismaOptions = schema === undefined ? {} : { schema };
  const connect = async (limits: TimeLimits, max: number): Promise<SqlDriverAdapter> => {
    const driver = new PrismaPg(new Pool({ ...config(limits), max }), { ...prismaOptions, disposeExternalPool: true });
    return driver.connect();
  };
  const adapter: SqlDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => serverAdapter(await connect(timeLimits(options), connectionLimit), options.onQuery),
  };
  const own = new PrismaPg({ ...config(UNLIMITED), max: 1 }, prismaOptions);
  const maintenance: SqlMigrationAwareDriverAdapterFactory = {
    provider: own.provider,
    adapterName: own.adapterName,
    connect: async () => serverAdapter(await own.connect(), undefined),
    connectToShadowDb: () => own.connectToShadowDb(),
  };

  // Not through the adapter, which drops the codes of what is wrong with a certificate.
  const probe = new Pool({ ...config(patient(timeLimits(options))), max: 1 });
  // Lost after its answer it is an event, which would end the process.
  probe.on('error', () => undefined);
  try {
    await probe.query('SELECT 1');
  } catch (error) {
    const attempt = { host, port, socket, database: address.database, hasTls: ssl !== false, words: TLS };
    throw new DatabaseOpenError(url, await postgresqlProblem(error, attempt), { cause: error });
  } finally {
    await probe.end();
  }
  return { adapter, maintenance };
}
