import type { Server, Socket } from 'node:net';

/**
 * Follows the connections that are made from now on.
 * @returns a function that closes those that have sent nothing, such as the ones that a browser opens in advance. For
 * `closeIdleConnections` of http.Server, they are not idle, because they have no finished request.
 */
export function followSilent(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}
