import { createServer, type RequestListener } from 'node:http';

/** Listens on PORT until SIGTERM. Exits with `process.exit`, so that Node writes a CPU profile. */
export function serve(listener: RequestListener): void {
  createServer(listener).listen(Number(process.env['PORT']), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
}
