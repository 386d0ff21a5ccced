import type { Socket } from 'node:net';
import type { RequestHandler, Response } from 'express';

export interface ConnectionLimits {
  /** Pipelined requests that may wait on one connection. One more closes the connection. */
  readonly maxPipelined: number;
  /** A client that reads nothing of its response for this long is disconnected, at the latest after twice this time. */
  readonly stalledMs: number;
}

/** Browsers and proxies do not pipeline. nginx measures a stalled client in the same way, with a default of 60 s (`send_timeout`). */
export const CONNECTION_LIMITS: ConnectionLimits = { maxPipelined: 32, stalledMs: 20_000 };

/**
 * Must be the first middleware. Handles the requests of a connection one at a time, and disconnects clients that do not read.
 *
 * Node emits every pipelined request as soon as it is parsed, but only the first response has a socket. If the connection closes, the
 * other responses emit neither `finish` nor `close`, so resources that their handlers opened (the file of `express.static`) would leak.
 * A request that waits here has opened nothing, and is garbage-collected when its connection closes.
 */
export function connectionLimits({ maxPipelined, stalledMs }: ConnectionLimits): RequestHandler {
  const waiting = new WeakMap<Socket, number>();
  const changeWaiting = (socket: Socket, by: number): number => {
    const count = (waiting.get(socket) ?? 0) + by;
    waiting.set(socket, count);
    return count;
  };

  return (req, res, next) => {
    const begin = (socket: Socket): void => {
      // The client is gone, and the handler would not get a `close` event.
      if (socket.destroyed) return;
      cutIfStalled(socket, res, stalledMs);
      next();
    };

    if (res.socket) return begin(res.socket);
    // Node had already parsed this request when the connection was closed.
    if (req.socket.destroyed) return;
    if (changeWaiting(req.socket, 1) > maxPipelined) return void req.socket.destroy();
    res.once('socket', (socket: Socket) => {
      changeWaiting(socket, -1);
      begin(socket);
    });
  };
}

/**
 * Disconnects a client if it has read nothing between two checks. A socket timeout does not work here: every byte from the client restarts
 * it, so a client that sends a line break every few seconds would stay connected forever.
 */
function cutIfStalled(socket: Socket, res: Response, stalledMs: number): void {
  let before: number | undefined;
  const timer = setInterval(() => {
    // With an empty write buffer the server is slow, not the client.
    const taken = socket.writableLength > 0 ? takenOf(socket) : undefined;
    if (taken !== undefined && taken === before) socket.destroy();
    before = taken;
  }, stalledMs).unref();
  res.once('close', () => clearInterval(timer));
}

/** Bytes that the operating system has accepted. Only the handle knows how much of the current chunk is left; Node's own socket timeout uses it too. */
function takenOf(socket: Socket): number {
  const { _handle: handle } = socket as { readonly _handle?: { readonly writeQueueSize?: number } | null };
  return socket.bytesWritten - socket.writableLength - (handle?.writeQueueSize ?? 0);
}
