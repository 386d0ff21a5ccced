import type { Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { Server as NetServer } from 'node:net';
import type { Logger } from './logger.ts';

export interface ShutdownOptions {
  readonly server: Server;
  /** Called when the signal arrives. */
  readonly onStopping: () => void;
  /** Time for running requests to finish. */
  readonly graceMs: number;
  /** Called once all requests are done or the grace period has expired. */
  readonly close: () => Promise<void>;
  readonly logger: Logger;
}

/** Long enough that a request which was in transit when the signal came has been read, so its connection is not idle. */
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
 * Shuts down on SIGTERM and SIGINT: refuses new connections, lets running requests finish and commit, closes the storage and
 * exits with 0. A second signal exits at once with 1.
 */
export function shutDownOnSignals({ server, onStopping, graceMs, close, logger }: ShutdownOptions): void {
  let stopping = false;

  async function stop(signal: string): Promise<void> {
    if (stopping) process.exit(1);
    stopping = true;
    onStopping();
    logger.info({ signal }, 'Stopping. Running requests may finish.');
    // Accept the connections that are already established.
    await readPending();
    // `close` of http.Server would close idle connections at once, also those with a request that was not read yet.
    const done = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
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
    if (stopping) res.setHeader('Connection', 'close');
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}
