import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificates, temporaryFolder } from '../../testing/index.ts';
import { openDatabase } from '../open-database.ts';

/*
 * A man in the middle has a certificate that `sslmode=no-verify` accepts, but does not know the password. It offers channel binding and then
 * behaves as if the client had authenticated.
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

/** Sends these messages one by one, each after the client has sent something. Records what it receives after the startup message. */
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
  ['requests the password in plain text', [OFFER, PASSWORD]],
  ['requests its MD5 hash', [OFFER, MD5]],
  ['accepts without a proof', [OFFER, together(SIGNED_IN, READY)]],
  ['reports that it is ready without accepting', [OFFER, READY]],
  ['accepts with an empty proof', [OFFER, together(FINAL, SIGNED_IN, READY)]],
  ['accepts before the client has replied', [together(OFFER, FINAL, SIGNED_IN, READY)]],
  ['does not offer channel binding', [WITHOUT_PLUS]],
  ['does not require authentication', [together(SIGNED_IN, READY)]],
])('channel_binding=require: a man in the middle that %s is rejected and gets no password', async (_what, messages) => {
  const server = await serverBetween(messages);
  const url = `postgresql://app:s3cret@127.0.0.1:${server.port}/shop?sslmode=no-verify&channel_binding=require`;
  await expect(openDatabase(url)).rejects.toThrow('cannot be opened');
  // Only the mechanism and the client's nonce; no password, hash or statement.
  expect(server.received()).not.toMatch(/s3cret|md5|SELECT|BEGIN/);
});
