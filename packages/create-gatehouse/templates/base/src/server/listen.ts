import type { Server } from 'node:http';
import type { Gatehouse } from '@gatehouse/server';

/** Listens at HOST and PORT. On SIGTERM and Ctrl+C, running requests finish first. */
export function listen(server: Server, gatehouse: Gatehouse): void {
  const { host, port } = gatehouse.settings.server;
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    console.error(`Port ${port} is in use. Set another one, for example in .env: PORT=3001`);
    process.exitCode = 1;
    void gatehouse.close();
  });
  server.listen(port, host, () => console.log(`Listening at http://localhost:${port}`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      gatehouse.drain();
      server.close(() => void gatehouse.close());
      server.closeIdleConnections();
    });
  }
}
