import type { Server } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { Server as NetServer } from 'node:net';
import type { Logger } from './logger.ts';

export interface ShutdownOptions {
  readonly server: Server;
  /** Called when the signal arrives. */
  readonly onStopping: () => void;
  /** How long running requests may take to finish. */
  readonly graceMs: number;
  /** Called once all requests are done, or the grace time is over. */
  readonly close: () => Promise<void>;
  readonly logger: Logger;
}

/** By then, a request that was on its way in when the signal came has been read, and its connection is not idle. */
const IDLE_AFTER_MS = 200;

/**
 * What has arrived at the machine is in the process: one turn of the event loop accepts connections, the next reads from them.
 * A busy process is behind, and what it has not read yet looks idle to it, too.
 */
async function arrivals(): Promise<void> {
  await turn();
  await turn();
}

/**
 * SIGTERM and SIGINT: new connections are refused, running requests finish and commit, storage is closed, exit 0.
 * A second signal exits at once.
 */
export function shutDownOnSignals({ server, onStopping, graceMs, close, logger }: ShutdownOptions): void {
  let stopping = false;

  async function stop(signal: string): Promise<void> {
    if (stopping) process.exit(1);
    stopping = true;
    onStopping();
    logger.info({ signal }, 'Stopping: running requests may finish.');
    // Whoever has connected already is let in.
    await arrivals();
    // http's own `close` cuts idle connections at once, and one whose request has arrived but was not read yet looks idle.
    const done = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
    // Connections that are kept alive between requests would hold the server open.
    const idle = setInterval(() => void arrivals().then(() => server.closeIdleConnections()), IDLE_AFTER_MS);
    const cut = setTimeout(() => {
      logger.warn({ graceMs }, 'The grace time is over; cutting what still runs.');
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
