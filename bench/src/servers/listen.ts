import { createServer, type RequestListener } from 'node:http';

/** Serves on the port of the environment, until SIGTERM; exits in a way that lets a CPU profile be written. */
export function serve(listener: RequestListener): void {
  createServer(listener).listen(Number(process.env['PORT']), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));
}
