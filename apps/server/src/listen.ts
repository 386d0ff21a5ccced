import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { StartError } from '@gatehouse/server';

/** @returns the port, the one that was found when 0 was asked for. @throws StartError */
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
      return `Port ${port} is in use. Stop what uses it, or set PORT to another, as in PORT=${port + 1} pnpm start.`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Set PORT to 1024 or higher, or put a proxy in front.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}. Set HOST to one it has, or 0.0.0.0 for all.`;
    default:
      return `Cannot listen on ${host}, port ${port}: ${error.message}.`;
  }
}
