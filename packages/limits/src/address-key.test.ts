import { expect, test } from 'vitest';
import { addressKey } from './address-key.ts';

test.each<[string, string | undefined, string]>([
  ['IPv4', '192.0.2.7', '192.0.2.7'],
  ['IPv4 with a port', '192.0.2.7:4711', '192.0.2.7'],
  ['IPv4 mapped into IPv6', '::ffff:192.0.2.7', '192.0.2.7'],
  ['the same in capitals', '::FFFF:192.0.2.7', '192.0.2.7'],
  ['the same in hexadecimal', '::ffff:c000:207', '192.0.2.7'],
  ['the same written out', '0:0:0:0:0:ffff:c000:0207', '192.0.2.7'],
  ['IPv6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['another of the same /64', '2001:DB8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['one of the next /64', '2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['a short one', '2001:db8::1', '2001:db8:0:0::/64'],
  ['with leading zeros', '2001:0db8:0000:0000::0001', '2001:db8:0:0::/64'],
  ['with a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['in brackets with a port', '[2001:db8::1]:4711', '2001:db8:0:0::/64'],
  ['loopback', '::1', '0:0:0:0::/64'],
  ['none', undefined, 'unknown'],
  ['an empty one', '', 'unknown'],
  ['junk', 'unknown', 'unknown'],
  ['a list', '192.0.2.7, 192.0.2.8', 'unknown'],
  ['a number too large', '192.0.2.256', 'unknown'],
  ['a line break', '192.0.2.7\n', 'unknown'],
])('%s', (_, address, key) => {
  expect(addressKey(address)).toBe(key);
});
