import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * `pass`: as if it were not there. `hang`: takes connections and what they send, and passes nothing on, in either direction.
 * `reset`: cuts every connection, those that are open and each new one. `refuse`: does not listen.
 */
export type ProxyMode = 'pass' | 'hang' | 'reset' | 'refuse';

export interface TcpProxy {
  readonly port: number;
  set(mode: ProxyMode): Promise<void>;
  /** Cuts the connections that are open; new ones pass. */
  cut(): void;
  /** Connections that are open. */
  readonly count: () => number;
  close(): Promise<void>;
}

/** A server in front of another, with faults on demand. */
export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let mode: ProxyMode = 'pass';
  const pairs = new Set<[Socket, Socket | undefined]>();

  function take(client: Socket): void {
    if (mode === 'reset') return void client.resetAndDestroy();
    const upstream = mode === 'hang' ? undefined : connect(target.port, target.host);
    const pair: [Socket, Socket | undefined] = [client, upstream];
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      upstream?.destroy();
    };
    for (const socket of [client, upstream]) socket?.on('error', end).on('close', end);
    client.on('data', (chunk) => mode === 'pass' && upstream?.write(chunk));
    upstream?.on('data', (chunk) => mode === 'pass' && client.write(chunk));
  }

  const listen = async (port: number): Promise<Server> => {
    const server = createServer(take).listen(port, '127.0.0.1');
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
      const hung = mode === 'hang';
      mode = next;
      if (mode === 'refuse') stop();
      else server ??= await listen(port);
      // What was sent into a hang is lost, and so is the connection.
      if (mode === 'reset' || mode === 'refuse' || hung) cut();
    },
    cut,
    count: () => pairs.size,
    close() {
      cut();
      stop();
      return Promise.resolve();
    },
  };
}
