import type { Socket } from 'node:net';
import type { RequestHandler, Response } from 'express';

export interface ConnectionLimits {
  /** Requests of one connection that may wait behind the one that is being answered. */
  readonly maxPipelined: number;
  /** A client that takes nothing of its answer for this long is cut, at the latest after twice this time. */
  readonly stalledMs: number;
}

/** Browsers and proxies do not pipeline at all. nginx waits 60 s for a client to read, counted in the same way. */
export const CONNECTION_LIMITS: ConnectionLimits = { maxPipelined: 32, stalledMs: 20_000 };

/**
 * First of all middleware. Handles the requests of one connection one after the other, and cuts clients that do not read.
 *
 * Node hands over every pipelined request as soon as it is parsed. Only the first of their responses has a socket: the others wait, and if
 * the connection ends they emit neither `finish` nor `close`. Whatever their handlers had opened (the file of `express.static`) would stay
 * open for good. A request that waits here has opened nothing, and is garbage once its connection is gone.
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
      // Nobody is there to answer, and nothing would tell the handler so.
      if (socket.destroyed) return;
      cutIfStalled(socket, res, stalledMs);
      next();
    };

    if (res.socket) return begin(res.socket);
    // The rest of what had been read when the connection was cut.
    if (req.socket.destroyed) return;
    if (changeWaiting(req.socket, 1) > maxPipelined) return void req.socket.destroy();
    res.once('socket', (socket: Socket) => {
      changeWaiting(socket, -1);
      begin(socket);
    });
  };
}

/**
 * Looks at what the client has taken since the last look. Not a timeout of the socket, which whatever the client sends starts anew: a line
 * break every few seconds, which is the beginning of no request, would keep it connected for ever.
 */
function cutIfStalled(socket: Socket, res: Response, stalledMs: number): void {
  let before: number | undefined;
  const timer = setInterval(() => {
    // Where nothing waits to be read, it is us who take time.
    const taken = socket.writableLength > 0 ? takenOf(socket) : undefined;
    if (taken !== undefined && taken === before) socket.destroy();
    before = taken;
  }, stalledMs).unref();
  res.once('close', () => clearInterval(timer));
}

/** Bytes that the system has taken to send. Of the chunk that is being written the handle alone knows how much is left: Node's own timeout asks it, too. */
function takenOf(socket: Socket): number {
  const { _handle: handle } = socket as { readonly _handle?: { readonly writeQueueSize?: number } | null };
  return socket.bytesWritten - socket.writableLength - (handle?.writeQueueSize ?? 0);
}
