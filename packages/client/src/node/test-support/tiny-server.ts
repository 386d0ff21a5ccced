import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Starts a real HTTP server for one test and returns its address. */
export async function tinyServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Responds to every call of a batch like `auth.logout`. */
export function answerSignedOut(request: IncomingMessage, response: ServerResponse): void {
  const calls = (request.url ?? '').split('?')[0]?.split(',').length ?? 1;
  const answer = { result: { data: { signedOut: true } } };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(Array.from({ length: calls }, () => answer)));
}

/** An address where no server listens. */
export async function unusedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://localhost:${port}`;
}
