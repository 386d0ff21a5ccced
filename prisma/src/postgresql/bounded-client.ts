import type { Client, ClientConfig } from 'pg';
import { timedOut } from '../server/connection-errors.ts';

type Query = (...args: unknown[]) => Promise<unknown> | undefined;
type Callback = (error: Error | undefined, result?: unknown) => void;

/**
 * pg's client with a statement timeout that closes the connection. pg's own `query_timeout` only stops waiting: in a transaction, the
 * connection returns to the pool while the statement is still running, and its next user has to wait for it.
 */
export function boundedClient(timeoutMs: number, Base: typeof Client): typeof Client {
  return class BoundedClient extends Base {
    constructor(config?: string | ClientConfig) {
      super(config);
      const send = this.query.bind(this) as Query;
      const query: Query = (...args) => {
        let late = false;
        const timer = setTimeout(() => {
          late = true;
          this.end().catch(() => undefined);
        }, timeoutMs);
        const outcome = (error: Error | undefined): Error | undefined => {
          clearTimeout(timer);
          return late ? timedOut('A statement', timeoutMs) : error;
        };
        const callback = args.at(-1);
        // The pool passes a callback, a transaction uses the promise.
        if (typeof callback === 'function') {
          return send(...args.slice(0, -1), (error: Error | undefined, result: unknown) => (callback as Callback)(outcome(error), result));
        }
        return send(...args)?.then(
          (result) => {
            clearTimeout(timer);
            return result;
          },
          (error: Error) => {
            // Never return a connection with an open transaction to the pool, or its next user would be part of it.
            if (/^(COMMIT|ROLLBACK)$/.test((args[0] as { text?: string }).text ?? '')) this.end().catch(() => undefined);
            throw outcome(error) ?? error;
          },
        );
      };
      this.query = query as typeof this.query;
    }
  };
}
