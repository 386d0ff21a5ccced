import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { StartError } from '@gatehouse/server';

/** @returns the port; with `port: 0`, the free port that the system chose. @throws StartError */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new StartError(listenProblem(error, host, port), { cause: error })));
    server.listen(port, host, () => resolve());
  });
  return (server.address() as AddressInfo).port;
}

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
