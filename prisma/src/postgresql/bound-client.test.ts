import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificates, temporaryFolder } from '../../testing/index.ts';
import { openDatabase } from '../open-database.ts';

/*
 * A server between us and the database has a certificate that `sslmode=no-verify` takes, and does not know the password. It offers what
 * `channel_binding=require` asks for, and then acts as if the client had answered.
 */

/** https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, ...parts: (number | string)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part >>> 24, part >>> 16, part >>> 8, part]))),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const OFFER = message('R', 10, 'SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
const WITHOUT_PLUS = message('R', 10, 'SCRAM-SHA-256\0\0');
const FINAL = message('R', 12, 'v=');
const SIGNED_IN = message('R', 0);
const READY = message('Z', 'I');
const PASSWORD = message('R', 3);
const MD5 = message('R', 5, 'salt');

/** Sends these messages in their turn, each once the client has sent something. Keeps what it gets after the client has said who it is. */
async function serverBetween(messages: readonly Buffer[]): Promise<{ port: number; received: () => string }> {
  const { certificate, key } = makeCertificates(temporaryFolder(), { names: 'DNS:localhost' });
  const own = { isServer: true, cert: readFileSync(certificate), key: readFileSync(key) };
  let received = '';
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, own);
      secure.on('error', () => undefined);
      const left = [...messages];
      let isFirst = true;
      secure.on('data', (chunk: Buffer) => {
        if (!isFirst) received += chunk.toString('latin1');
        isFirst = false;
        const next = left.shift();
        if (next) secure.write(next);
        else socket.destroy();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, received: () => received };
}

const together = (...messages: readonly Buffer[]): Buffer => Buffer.concat(messages);

test.each([
  ['asks for the password as it is', [OFFER, PASSWORD]],
  ['asks for its MD5 hash', [OFFER, MD5]],
  ['asks for nothing more', [OFFER, together(SIGNED_IN, READY)]],
  ['is ready without a word about it', [OFFER, READY]],
  ['proves nothing', [OFFER, together(FINAL, SIGNED_IN, READY)]],
  ['does so before there is an answer', [together(OFFER, FINAL, SIGNED_IN, READY)]],
  ['does not offer it', [WITHOUT_PLUS]],
  ['asks for no sign-in', [together(SIGNED_IN, READY)]],
])('channel_binding=require: a server between that %s gets no password and is not taken for the database', async (_what, messages) => {
  const server = await serverBetween(messages);
  const url = `postgresql://app:s3cret@127.0.0.1:${server.port}/shop?sslmode=no-verify&channel_binding=require`;
  await expect(openDatabase(url)).rejects.toThrow('cannot be opened');
  // The name of the mechanism and a number of the client's own; no password, no hash, no statement.
  expect(server.received()).not.toMatch(/s3cret|md5|SELECT|BEGIN/);
});
