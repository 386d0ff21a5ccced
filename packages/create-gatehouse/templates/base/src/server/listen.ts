import type { Server } from 'node:http';
import type { Gatehouse, StopOptions } from '@gatehouse/server';

/** Listens at HOST and PORT. On SIGTERM and Ctrl+C, running requests finish first. */
export function listen(server: Server, gatehouse: Gatehouse, options?: StopOptions): void {
  const { host, port } = gatehouse.settings.server;
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    console.error(`Port ${port} is in use. Set another one, for example in .env: PORT=3001`);
    process.exitCode = 1;
    void gatehouse.close();
  });
  // Longer than proxies keep idle connections, so that a proxy never sends a request on one that is being closed.
  server.keepAliveTimeout = 75_000;
  server.listen(port, host, () => console.log(`Listening at http://localhost:${port}`));
  gatehouse.stopOnSignals(server, options);
}
