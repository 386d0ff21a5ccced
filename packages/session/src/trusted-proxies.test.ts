import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { clientAddress } from './client-address.ts';
import { listen } from './test-support/http-server.ts';
import { trustedProxies } from './trusted-proxies.ts';

async function seenBehind(trusted: Parameters<typeof trustedProxies>[0], forwarded: string): Promise<unknown> {
  const app = express()
    .set('trust proxy', trustedProxies(trusted))
    .use((req, res) => void res.json([clientAddress(req), req.secure]));
  const server = await listen(app);
  onTestFinished(() => server.close());
  const response = await fetch(server.url, { headers: { 'x-forwarded-for': forwarded, 'x-forwarded-proto': 'https' } });
  return response.json();
}

const NAMED = ['loopback', '10.0.0.0/8', 'fd00::/8'];

test.each([
  ['203.0.113.9:50001, 10.0.0.4:39000', '203.0.113.9'],
  ['203.0.113.9:50001,10.0.0.4:39000,10.0.0.5', '203.0.113.9'],
  ['[2001:db8::7]:50001, [fd00::4]:39000', '2001:db8::7'],
  ['[2001:db8::7], fd00::4', '2001:db8::7'],
  ['203.0.113.9, ::ffff:10.0.0.4', '203.0.113.9'],
  // Only named proxies are trusted.
  ['198.51.100.1, 203.0.113.9:50001, 10.0.0.4:39000', '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9:10', '203.0.113.9'],
  ['198.51.100.1, 10.0.0.4:x', null],
  ['198.51.100.1, unknown, 10.0.0.4:39000', null],
])('security 37: in %s behind named proxies the client is %s', async (forwarded, address) => {
  expect(await seenBehind(NAMED, forwarded)).toEqual([address, true]);
});

test.each<[Parameters<typeof trustedProxies>[0], string | null, boolean]>([
  [false, '127.0.0.1', false],
  [['10.0.0.4'], '127.0.0.1', false],
  [1, '10.0.0.4', true],
  [2, '203.0.113.9', true],
])('security 37: with %j an address with a port is %s', async (trusted, address, secure) => {
  expect(await seenBehind(trusted, '203.0.113.9:50001, 10.0.0.4:39000')).toEqual([address, secure]);
});
