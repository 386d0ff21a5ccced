import type { Client, ClientConfig } from 'pg';
import type { TimeLimits } from '../server/time-limits.ts';

/** Limits how long the transaction of a process that disappeared without closing its connection holds locks. */
export const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;

/** The parameters that `pg` sends when it connects, which its types leave out. */
type Startup = Readonly<Record<string, string>>;

/**
 * A client for poolers that use a connection per transaction, such as pgbouncer. Session settings would be lost or affect another client, so
 * each transaction sets its timeouts itself, in the round trip that starts it. Poolers track time zone and date style per client
 * (https://www.pgbouncer.org/config.html#track_extra_parameters).
 */
export function pooledClient(Base: typeof Client, { serverMs }: TimeLimits): typeof Client {
  const WithStartup = Base as unknown as new (config?: string | ClientConfig) => Client & { getStartupConf(): Startup };
  const begin = [
    'BEGIN',
    `SET LOCAL statement_timeout = ${serverMs ?? 0}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${serverMs === undefined ? 0 : IDLE_TRANSACTION_TIMEOUT_MS}`,
  ].join('; ');

  class PooledClient extends WithStartup {
    constructor(config?: string | ClientConfig) {
      super(config);
      const send = this.query.bind(this) as (...args: unknown[]) => unknown;
      const query = (first: unknown, ...rest: unknown[]): unknown =>
        send((first as { text?: unknown }).text === 'BEGIN' ? { ...(first as object), text: begin } : first, ...rest);
      this.query = query as typeof this.query;
    }

    override getStartupConf(): Startup {
      return { ...super.getStartupConf(), TimeZone: 'UTC', DateStyle: 'ISO' };
    }
  }
  return PooledClient as unknown as typeof Client;
}
