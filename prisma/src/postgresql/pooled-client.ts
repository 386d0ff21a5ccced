import type { Client, ClientConfig } from 'pg';
import type { TimeLimits } from '../server/time-limits.ts';

/** A transaction of a process that is gone without closing its connection holds its locks no longer than this. */
export const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;

/** What `pg` sends when it connects; its types leave it out. */
type Startup = Readonly<Record<string, string>>;

/**
 * A client for a pooler that gives each transaction a connection of its own, such as pgbouncer. What is set for a session would be lost, or
 * met by another client: so a transaction sets its limits for itself, in the round trip that begins it. Poolers keep the time zone and the
 * form of dates by client (https://www.pgbouncer.org/config.html#track_extra_parameters).
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
