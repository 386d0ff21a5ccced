import { Server as NetServer, type Server } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** A turn of the event loop that is shorter has done nothing else. Milliseconds. */
const QUIET_TURN_MS = 0.2;
/** On a machine that is never quiet, the listener is closed after this time. Milliseconds. */
const MAX_WAIT_MS = 2000;

/**
 * Refuses new connections and leaves open ones alone, also idle ones, unlike `close` of http.Server.
 *
 * The system establishes connections before the process accepts them, and resets those that were not accepted when the listener closes. A
 * proxy has then sent its request, and must not repeat a POST. So this closes right after a turn of the event loop that found no connection
 * to accept and was too short for another to come.
 * @returns a promise for the end of the last connection. It is wrapped, because awaiting a promise waits for what it resolves with.
 */
export async function closeListener(server: Server): Promise<{ readonly allClosed: Promise<void> }> {
  let accepted = 0;
  const count = (): void => void accepted++;
  server.on('connection', count);
  const until = performance.now() + MAX_WAIT_MS;
  // What is left of the current turn accepts nothing: a signal arrives after that.
  await turn();
  for (;;) {
    const [before, began] = [accepted, performance.now()];
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    await turn();
    const now = performance.now();
    if ((accepted === before && now - began < QUIET_TURN_MS) || now > until) break;
  }
  const allClosed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  server.off('connection', count);
  return { allClosed };
}
