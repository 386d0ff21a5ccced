import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { closeListener } from './close-listener.ts';

async function serve(): Promise<{ server: Server; open: () => Socket }> {
  const server = createServer((req, res) => void req.resume().on('end', () => res.end('done')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { server, open: () => connect(port, '127.0.0.1') };
}

const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi';

async function answerTo(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  return text;
}

test('a connection that was established but not accepted yet is served, and later ones are refused', async () => {
  const { server, open } = await serve();
  // The system establishes them at once, and this process accepts them in a later turn.
  const sockets = Array.from({ length: 20 }, open);
  for (const socket of sockets) socket.write(POST);
  const closing = closeListener(server);
  const answers = await Promise.all(sockets.map(answerTo));
  expect(answers.map((answer) => answer.split('\r\n', 1)[0])).toEqual(sockets.map(() => 'HTTP/1.1 200 OK'));
  const { allClosed } = await closing;
  await allClosed;
  await expect(once(open(), 'connect')).rejects.toThrow('ECONNREFUSED');
});

test('an idle connection stays open and can be used', async () => {
  const { server, open } = await serve();
  const idle = open();
  idle.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  const { allClosed } = await closeListener(server);
  await expect(once(open(), 'connect')).rejects.toThrow('ECONNREFUSED');
  idle.write(POST);
  expect(await answerTo(idle)).toMatch(/^HTTP\/1.1 200 OK[^]*done/);
  await allClosed;
});
