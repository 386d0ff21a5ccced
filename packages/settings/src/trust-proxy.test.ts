import { expect, test } from 'vitest';
import { trustProxySchema } from './trust-proxy.ts';

test.each<[string, false | number | string[]]>([
  ['none', false],
  ['0', false],
  ['2', 2],
  ['10.0.0.5', ['10.0.0.5']],
  ['loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
])('%s', (text, trust) => {
  expect(trustProxySchema.parse(text)).toEqual(trust);
});

test.each(['true', '*', '0.0.0.0/0', '10.0.0.0/8,::/0'])('%s would trust all clients and is refused', (text) => {
  expect(trustProxySchema.safeParse(text).error?.issues[0]?.message).toContain('must not trust all clients');
});

test.each(['proxy.internal', '10.0.0.0/33', '1.2.3', '10.0.0.1,,', '-1'])('%s is not an address', (text) => {
  expect(trustProxySchema.safeParse(text).success).toBe(false);
});
