import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A real HTTP server for one test; gives its address. */
export async function tinyServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers every call of a batch as the router answers `auth.logout`. */
export function answerSignedOut(request: IncomingMessage, response: ServerResponse): void {
  const calls = (request.url ?? '').split('?')[0]?.split(',').length ?? 1;
  const answer = { result: { data: { signedOut: true } } };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(Array.from({ length: calls }, () => answer)));
}

/** An address where nothing listens any more. */
export async function abandonedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://localhost:${port}`;
}
