import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::FFFF:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
  ['2001:DB8::1', '2001:db8::1'],
  ['2001:db8:0:0::0:1', '2001:db8::1'],
  ['203.0.113.9:4711', '203.0.113.9'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::1', '::1'],
  [undefined, null],
  ['', null],
  ['unknown', null],
  ['999.1.1.1', null],
  ['1', null],
  ['0x7f.1', null],
  ['<script>', null],
  ['x'.repeat(4000), null],
])('W-42: the address in %j is %j', (ip, address) => {
  expect(clientAddress({ ip })).toBe(address);
});
