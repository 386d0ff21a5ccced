import type { Server } from 'node:http';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { Server as NetServer } from 'node:net';
import type { Logger } from './logger.ts';

export interface ShutdownOptions {
  readonly server: Server;
  /** Called when the signal arrives. Announces that the server stops, so that load balancers send their requests elsewhere. */
  readonly onSignal: () => void;
  /**
   * Time in which load balancers notice that, and afterwards time in which proxies close their idle connections. 0: neither is waited for.
   */
  readonly drainMs: number;
  /** Called when no proxy uses an old connection any more, so that the clients of streams reconnect to another server. */
  readonly endStreams: () => void;
  /** Time for running requests to finish, after all that. */
  readonly graceMs: number;
  /** Called once all requests are done or the grace period has expired. */
  readonly close: () => Promise<void>;
  readonly logger: Logger;
}

/** Long enough that a request which was in transit when the connections are closed has been read, so its connection is not idle. */
const IDLE_AFTER_MS = 200;

/**
 * Waits until pending connections are accepted and read: one turn of the event loop accepts them, the next reads from them.
 * Until then, a connection with an unread request looks idle.
 */
async function readPending(): Promise<void> {
  await turn();
  await turn();
}

/**
 * Shuts down on SIGTERM and SIGINT, so that no request fails behind a proxy with another server to send it to:
 *
 * 1. `drainMs`: serves as before, and says that it is not ready.
 * 2. `drainMs`: refuses new connections, which a proxy then makes to another server, and closes each connection with its next response.
 *    Idle connections stay, because a proxy may be sending a request on one; a proxy closes those itself that it does not use.
 * 3. `graceMs`: ends streams, closes idle connections and lets running requests finish and commit.
 *
 * Then it closes the storage and exits with 0. It does not wait longer than until no connection is open. A second signal exits at once with 1.
 */
export function shutDownOnSignals({ server, onSignal, drainMs, endStreams, graceMs, close, logger }: ShutdownOptions): void {
  let stopping = false;
  let isRefusing = false;

  async function stop(signal: string): Promise<void> {
    if (stopping) process.exit(1);
    stopping = true;
    onSignal();
    if (drainMs > 0) {
      logger.info({ signal, drainMs }, 'Stopping. Serving until load balancers have noticed.');
      await wait(drainMs);
    }
    logger.info({ signal }, 'Stopping. Running requests may finish.');
    isRefusing = true;
    // Accept the connections that are already established.
    await readPending();
    // `close` of http.Server would close idle connections at once, also those with a request that was not read yet.
    const done = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    await Promise.race([done, wait(drainMs)]);
    endStreams();
    // Keep-alive connections would keep the server open.
    const idle = setInterval(() => void readPending().then(() => server.closeIdleConnections()), IDLE_AFTER_MS);
    const cut = setTimeout(() => {
      logger.warn({ graceMs }, 'The grace period has expired. Closing the remaining connections.');
      server.closeAllConnections();
    }, graceMs);
    await done;
    clearInterval(idle);
    clearTimeout(cut);
    await close();
    logger.info('Stopped.');
    process.exit(0);
  }

  server.prependListener('request', (_req, res) => {
    if (isRefusing) res.setHeader('Connection', 'close');
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}
