import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlDriverAdapterFactory, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { Client, Pool, type PoolConfig } from 'pg';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { Connections, DriverOptions, PoolerFacts } from '../database.ts';
import { serverAdapter } from '../server/server-adapter.ts';
import { serverTls } from '../server/server-tls.ts';
import { openingLimits, timeLimits, UNLIMITED, type TimeLimits } from '../server/time-limits.ts';
import { boundClient } from './bound-client.ts';
import { boundedClient } from './bounded-client.ts';
import { listenWith } from './listen.ts';
import { namedStatements } from './named-statements.ts';
import { IDLE_TRANSACTION_TIMEOUT_MS, pooledClient } from './pooled-client.ts';
import { queryPooler, refusesOptions } from './pooler.ts';
import { postgresqlProblem } from './postgresql-problem.ts';
import { postgresqlUrl, TLS } from './postgresql-url.ts';

/** A custom setting. If it is set on a connection, the other settings that were sent with it are too. */
const MARKER = 'gatehouse.settings';

const IDLE_TIMEOUT_MS = 30_000;

/** Opens connections to a PostgreSQL database. @throws DatabaseOpenError */
export async function openPostgresql(url: string, options: DriverOptions): Promise<Connections> {
  const address = postgresqlUrl(url);
  const { host, port, socket, user, password, database, parameters, connectionLimit } = address;
  const schema = parameters.get('schema');
  if (schema !== undefined && !/^\w+$/.test(schema)) throw new DatabaseOpenError(url, 'schema must consist of letters, digits and _.');

  const applicationName = parameters.get('application_name');
  // Socket files do not use TLS, as in libpq.
  const ssl = (socket === undefined && serverTls(url, address, TLS)) || false;
  const settings = (limits: TimeLimits): string =>
    [
      `${MARKER}=sent`,
      'TimeZone=UTC',
      // The rows of raw queries have times as text, which JavaScript reads in this style only.
      'DateStyle=ISO',
      // A statement sees what was committed before it started, and checks its condition again under the lock of each row.
      String.raw`default_transaction_isolation=read\ committed`,
      `idle_in_transaction_session_timeout=${limits.serverMs === undefined ? 0 : IDLE_TRANSACTION_TIMEOUT_MS}`,
      `statement_timeout=${limits.serverMs ?? 0}`,
      ...(schema === undefined ? [] : [`search_path=${schema}`]),
    ]
      .map((setting) => `-c ${setting}`)
      .join(' ');

  /** Set if there is a pooler, which does not support settings per connection. */
  let pooler: PoolerFacts | undefined;
  const binding = channelBinding(url, parameters, ssl !== false);
  const config = (limits: TimeLimits, isPooled: boolean): PoolConfig => {
    const BaseClient = binding === 'require' ? boundClient(Client) : Client;
    const BoundedClient = limits.clientMs === undefined ? BaseClient : boundedClient(limits.clientMs, BaseClient);
    return {
      host: socket ?? host,
      port,
      database,
      // By default the library uses the name of the operating system user.
      user: user ?? 'postgres',
      ...(password !== undefined && { password }),
      ssl,
      ...(applicationName !== undefined && { application_name: applicationName }),
      ...(!isPooled && { options: settings(limits) }),
      Client: isPooled ? pooledClient(BoundedClient, limits) : BoundedClient,
      connectionTimeoutMillis: limits.acquireMs,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      keepAlive: true,
      enableChannelBinding: binding !== 'disable',
    };
  };

  const prismaOptions = schema === undefined ? {} : { schema };
  const named = namedStatements(() => pooler === undefined);
  const connect = async (limits: TimeLimits, max: number): Promise<SqlDriverAdapter> => {
    const driver = new PrismaPg(new Pool({ ...config(limits, pooler !== undefined), max }), {
      ...prismaOptions,
      disposeExternalPool: true,
      statementNameGenerator: named.nameOf,
    });
    return driver.connect();
  };
  const adapter: SqlDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: async () => named.select(serverAdapter(await connect(timeLimits(options), connectionLimit), options.onQuery)),
  };
  const maintenance: SqlMigrationAwareDriverAdapterFactory = {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    connect: async () => serverAdapter(await connect(UNLIMITED, 1), undefined),
    connectToShadowDb: () => new PrismaPg({ ...config(UNLIMITED, pooler !== undefined), max: 1 }, prismaOptions).connectToShadowDb(),
  };

  /** Connects without the adapter, which drops the error codes of certificate problems. */
  async function withProbe<T>(isPooled: boolean, ask: (probe: Pool) => Promise<T>): Promise<T> {
    const probe = new Pool({ ...config(openingLimits(timeLimits(options), address.connectTimeoutMs), isPooled), max: 1 });
    // Without a listener, losing the connection would end the process.
    probe.on('error', () => undefined);
    try {
      return await ask(probe);
    } finally {
      await probe.end();
    }
  }

  /** Whether settings sent with the connection take effect. A pooler may refuse or silently ignore them. */
  async function supportsSettings(): Promise<boolean> {
    if (parameters.get('pgbouncer') === 'true') return false;
    try {
      const query = `SELECT current_setting('${MARKER}', true) AS marker`;
      const { rows } = await withProbe(false, (probe) => probe.query<{ marker: string | null }>(query));
      return rows[0]?.marker === 'sent';
    } catch (error) {
      if (refusesOptions(error)) return false;
      throw error;
    }
  }

  try {
    if (!(await supportsSettings())) {
      const { facts, problem } = await withProbe(true, (probe) => queryPooler(probe, { user: user ?? 'postgres', schema }));
      if (problem !== undefined) throw new DatabaseOpenError(url, problem);
      pooler = facts;
    }
  } catch (error) {
    if (error instanceof DatabaseOpenError) throw error;
    const attempt = { host, port, socket, database, hasTls: ssl !== false, words: TLS };
    throw new DatabaseOpenError(url, await postgresqlProblem(error, attempt), { cause: error });
  }
  return { adapter, maintenance, pooler, listen: pooler ? undefined : listenWith(config(timeLimits(options), false)) };
}

/** Default: `disable`. `prefer` uses channel binding if the server offers it. */
function channelBinding(url: string, parameters: ReadonlyMap<string, string>, hasTls: boolean): string {
  const binding = parameters.get('channel_binding') ?? 'disable';
  if (!['disable', 'prefer', 'require'].includes(binding))
    throw new DatabaseOpenError(url, 'channel_binding must be one of disable, prefer, require.');
  if (binding === 'require' && !hasTls)
    throw new DatabaseOpenError(url, 'channel_binding=require binds the sign-in to TLS. Add sslmode=verify-full.');
  return hasTls ? binding : 'disable';
}
