import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/**
 * - `pass`: forwards everything.
 * - `hang`: accepts connections and data, but forwards nothing in either direction.
 * - `swallow`: forwards requests, but no replies.
 * - `reset`: resets all open and new connections.
 * - `half`: closes the connection after the first bytes of a reply.
 * - `refuse`: does not listen.
 */
export type ProxyMode = 'pass' | 'hang' | 'swallow' | 'reset' | 'half' | 'refuse';

export interface TcpProxy {
  readonly port: number;
  set(mode: ProxyMode): Promise<void>;
  /** Delays data by this many milliseconds in each direction. */
  delay(ms: number): void;
  /** Resets open connections; new ones pass. */
  cut(): void;
  /**
   * Resets a connection at the k-th chunk that clients send from now on, starting at 1: before it arrives (`lost`), or after, so that only
   * the reply is lost (`arrives`). The returned function cancels this and says whether there was a k-th chunk.
   */
  cutAt(k: number, piece: 'lost' | 'arrives'): () => boolean;
  /** Number of open connections. */
  readonly count: () => number;
  close(): Promise<void>;
}

/** A TCP proxy that causes faults on demand. */
export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let mode: ProxyMode = 'pass';
  let delayMs = 0;
  let plan: { left: number; readonly piece: 'lost' | 'arrives' } | undefined;
  const pairs = new Set<[Socket, Socket | undefined]>();

  function take(client: Socket): void {
    if (mode === 'reset') return void client.resetAndDestroy();
    const upstream = mode === 'hang' ? undefined : connect({ ...target, noDelay: true });
    const pair: [Socket, Socket | undefined] = [client, upstream];
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      upstream?.destroy();
    };
    for (const socket of [client, upstream]) socket?.on('error', end).on('close', end);
    const toServer = inOrder(upstream);
    const toClient = inOrder(client);
    let replyIsLost = false;
    client.on('data', (chunk) => {
      if (mode === 'hang') return;
      const isDue = plan !== undefined && (plan.left -= 1) === 0;
      if (isDue && plan?.piece === 'lost') return void client.resetAndDestroy();
      replyIsLost ||= isDue;
      toServer(chunk);
    });
    upstream?.on('data', (chunk) => {
      if (replyIsLost) client.resetAndDestroy();
      else if (mode === 'half') client.end(chunk.subarray(0, 4), end);
      else if (mode === 'pass') toClient(chunk);
    });
  }

  /** Keeps the order of chunks if the delay changes. */
  function inOrder(to: Socket | undefined): (chunk: Buffer) => void {
    let last = Promise.resolve();
    let waiting = 0;
    async function passOn(chunk: Buffer, before: Promise<void>): Promise<void> {
      waiting += 1;
      await Promise.all([before, setTimeout(delayMs)]);
      waiting -= 1;
      if (to?.writable) to.write(chunk);
    }
    return (chunk) => {
      if (delayMs === 0 && waiting === 0) to?.write(chunk);
      else last = passOn(chunk, last);
    };
  }

  const listen = async (port: number): Promise<Server> => {
    const server = createServer({ noDelay: true }, take).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };

  let server: Server | undefined = await listen(0);
  const { port } = server.address() as AddressInfo;

  const cut = (): void => {
    for (const [client] of pairs) client.resetAndDestroy();
  };
  const stop = (): void => {
    server?.close();
    server = undefined;
  };

  return {
    port,
    async set(next) {
      const hung = mode === 'hang' || mode === 'swallow';
      mode = next;
      if (mode === 'refuse') stop();
      else server ??= await listen(port);
      // Data that was sent during a hang is lost, so the connection must not be used again.
      if (mode === 'reset' || mode === 'refuse' || hung) cut();
    },
    delay(ms) {
      delayMs = ms;
    },
    cut,
    cutAt(k, piece) {
      const made = (plan = { left: k, piece });
      return () => {
        plan = undefined;
        return made.left <= 0;
      };
    },
    count: () => pairs.size,
    close() {
      cut();
      stop();
      return Promise.resolve();
    },
  };
}
