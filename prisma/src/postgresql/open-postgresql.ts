import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Pool, type PoolConfig } from 'pg';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { Connections, DriverOptions } from '../database.ts';
import { plain, serverAdapter } from '../server/server-adapter.ts';
import { serverUrl } from '../server/server-url.ts';
import { patient, timeLimits, UNLIMITED, type TimeLimits } from '../server/time-limits.ts';
import { boundedClient } from './bounded-client.ts';
import { postgresqlProblem } from './postgresql-problem.ts';

/** Those of libpq that the driver knows, and `schema`, which is Prisma's. */
const PARAMETERS = ['host', 'schema', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'application_name'];

const IDLE_TIMEOUT_MS = 30_000;
/** A transaction of a process that is gone without closing its connection holds its locks no longer than this. */
const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;

/** Connections to a PostgreSQL database. Throws DatabaseOpenError where there are none to be had. */
export async function openPostgresql(url: string, options: DriverOptions): Promise<Connections> {
  const { host, port, parameters, connectionLimit, ...login } = serverUrl(url, { defaultPort: 5432, parameters: PARAMETERS });
  const schema = parameters.get('schema');
  if (schema !== undefined && !/^\w+$/.test(schema)) throw new DatabaseOpenError(url, 'schema must be a name of letters, digits and _.');
  const socket = parameters.get('host')?.startsWith('/') ? parameters.get('host') : undefined;

  const connectionString = URL.parse(url);
  connectionString?.searchParams.delete('schema');
  connectionString?.searchParams.delete('connection_limit');

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
    // Where the address names none; the library would take the name of this process's user from the environment.
    ...(login.user === undefined && { user: 'postgres' }),
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

  const probe = serverAdapter(await connect(patient(timeLimits(options)), 1), undefined);
  try {
    await probe.queryRaw(plain('SELECT 1'));
  } catch (error) {
    throw new DatabaseOpenError(url, await postgresqlProblem(error, { host, port, socket, database: login.database }), { cause: error });
  } finally {
    await probe.dispose();
  }
  return { adapter, maintenance };
}
