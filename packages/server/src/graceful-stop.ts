import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { withTimeout } from '@gatehouse/session/with-timeout';
import { closeListener } from './close-listener.ts';
import type { Logger } from './logger.ts';

export interface GracefulStopOptions {
  readonly server: Server;
  /** Closes the connections that have sent nothing so far. */
  readonly closeSilent: () => void;
  /** Announces that the server stops, so that load balancers send their requests elsewhere. */
  readonly announce: () => Promise<void>;
  /**
   * Time in which load balancers notice that, and afterwards time in which proxies close their idle connections. 0: neither is waited for.
   */
  readonly drainMs: number;
  /** Called when no proxy uses an old connection any more, so that the clients of streams reconnect to another server. */
  readonly endStreams: () => void;
  /** Time for running requests to finish, after all that. */
  readonly graceMs: number;
  readonly logger: Logger;
}

/** Long enough that a request which was in transit when the connections are closed has been read, so its connection is not idle. */
const IDLE_AFTER_MS = 200;
/** If health checks are made and no other request has come for this long, the load balancer has noticed. Milliseconds. */
const QUIET_MS = 1000;

/**
 * Stops serving, so that no request fails behind a proxy with another server to send it to:
 *
 * 1. `drainMs`: serves as before, and reports that it is not ready. Up to twice as long if health checks are made and requests still come.
 * 2. `drainMs`: refuses new connections, which a proxy then makes to another server, and closes each connection with its next response.
 *    Idle connections stay, because a proxy may be sending a request on one; a proxy closes those itself that it does not use.
 * 3. `graceMs`: ends streams, closes idle connections and lets running requests finish and commit.
 *
 * It does not wait longer than until no connection is open. A WebSocket that the app leaves open counts as one until the grace period expires.
 */
export async function gracefulStop(options: GracefulStopOptions): Promise<void> {
  const { server, closeSilent, announce, drainMs, endStreams, graceMs, logger } = options;
  const announced = announce().catch((error: unknown) =>
    logger.error({ err: error }, 'The stop could not be announced. Stopping all the same.'),
  );
  await withTimeout(announced, {
    ms: graceMs,
    onTimeout: () => logger.error({ graceMs }, 'The stop was not announced within the grace period. Stopping all the same.'),
  });
  if (drainMs > 0) {
    logger.info({ drainMs }, 'Stopping. Serving until load balancers have noticed.');
    await drain(server, drainMs);
  }
  logger.info({}, 'Stopping. Running requests may finish.');
  const { allClosed } = await closeListener(server);
  // Not earlier: a proxy replaces each closed connection by a new one, which would come while the listener closes.
  server.prependListener('request', (_req: IncomingMessage, res: ServerResponse) => void res.setHeader('Connection', 'close'));
  // Without a drain time too: a request that a slow client is about to send would be lost with its idle connection.
  const idleMs = Math.max(IDLE_AFTER_MS, drainMs);
  await withTimeout(allClosed, { ms: idleMs, onTimeout: () => undefined });
  endStreams();
  // Keep-alive connections would keep the server open. One that has just become idle may get another request.
  const closeIdle = async (): Promise<void> => {
    await readPending();
    server.closeIdleConnections();
    closeSilent();
  };
  void closeIdle();
  const idle = setInterval(() => void closeIdle(), idleMs);
  await withTimeout(allClosed, {
    ms: graceMs,
    onTimeout() {
      logger.warn({ graceMs }, 'The grace period has expired. Closing the remaining connections.');
      server.closeAllConnections();
    },
  });
  clearInterval(idle);
}

/**
 * Waits until load balancers send no more requests. Those that never query `/readyz`, such as nginx, notice the stop when connections are
 * refused, so it does not wait for them.
 */
async function drain(server: Server, drainMs: number): Promise<void> {
  const until = performance.now() + 2 * drainMs;
  let isChecked = false;
  let lastRequest = performance.now();
  const note = ({ url = '' }: IncomingMessage): void => {
    if (/\/readyz(?:\?|$)/.test(url)) isChecked = true;
    else lastRequest = performance.now();
  };
  server.on('request', note);
  await wait(drainMs);
  for (;;) {
    const now = performance.now();
    const quietAt = lastRequest + QUIET_MS;
    if (!isChecked || quietAt <= now || now >= until) break;
    // oxlint-disable-next-line no-await-in-loop -- until it is quiet
    await wait(Math.min(quietAt, until) - now);
  }
  server.off('request', note);
}

/** Waits until connections were read: until then, one with an unread request looks idle. */
async function readPending(): Promise<void> {
  await turn();
  await turn();
}
