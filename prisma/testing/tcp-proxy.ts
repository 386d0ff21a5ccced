import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/**
 * `pass`: as if it were not there. `hang`: takes connections and what they send, and passes nothing on, in either direction.
 * `swallow`: what is sent arrives, and no reply comes back. `reset`: cuts every connection, those that are open and each new one.
 * `half`: cuts the connection after the first bytes of a reply. `refuse`: does not listen.
 */
export type ProxyMode = 'pass' | 'hang' | 'swallow' | 'reset' | 'half' | 'refuse';

export interface TcpProxy {
  readonly port: number;
  set(mode: ProxyMode): Promise<void>;
  /** Milliseconds before what passes is passed on, in each direction. */
  delay(ms: number): void;
  /** Cuts the connections that are open; new ones pass. */
  cut(): void;
  /**
   * Cuts a connection at the k-th piece that clients send from now on, counted from 1: before it arrives, or after, so that
   * only the reply is lost. Says whether there was a k-th piece, and from then on there is no such plan.
   */
  cutAt(k: number, piece: 'lost' | 'arrives'): () => boolean;
  /** Connections that are open. */
  readonly count: () => number;
  close(): Promise<void>;
}

/** A server in front of another, with faults on demand. */
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

  /** What was sent first arrives first, whatever became of the delay meanwhile. */
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
      // What was sent into a hang is lost, and so is the connection.
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
