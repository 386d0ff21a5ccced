import type { Server } from 'node:http';
import { StartError } from '@gatehouse/server';

interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Listens on the inherited socket, or else at the address.
 * @returns the port; with `port: 0`, the free port that the system chose. @throws StartError
 */
export async function listen(server: Server, { host, port }: Address, inherited?: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const problem = inherited === undefined ? listenProblem(error, host, port) : `${NO_SOCKET} ${error.message}.`;
      reject(new StartError(problem, { cause: error }));
    });
    if (inherited === undefined) server.listen(port, host, () => resolve());
    else server.listen({ fd: inherited }, () => resolve());
  });
  const address = server.address();
  if (typeof address === 'object' && address !== null) return address.port;
  throw new StartError(NO_SOCKET);
}

const NO_SOCKET =
  'The socket that systemd passes on is no TCP port. Write ListenStream= with an address and a port, such as 127.0.0.1:3000.';

function listenProblem(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Stop the program that uses it, or choose another port: PORT=${port + 1} pnpm start.`;
    case 'EACCES':
      return `This user has no permission to listen on port ${port}. Set PORT to 1024 or higher, and use a reverse proxy if needed.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine does not have the address ${host}. Set HOST to one of its addresses, or to 0.0.0.0 for all.`;
    default:
      return `Cannot listen on ${host}, port ${port}: ${error.message}.`;
  }
}
