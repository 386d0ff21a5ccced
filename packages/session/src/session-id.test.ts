import { expect, test } from 'vitest';
import { newHandle, newSessionId, sessionKey } from './session-id.ts';

test('semantics 9: 100,000 ids and handles are all different', () => {
  const count = 100_000;
  expect(new Set(Array.from({ length: count }, newSessionId)).size).toBe(count);
  expect(new Set(Array.from({ length: count }, newHandle)).size).toBe(count);
});

test('semantics 9: an id has at least 128 bits, and each of them moves', () => {
  expect(Buffer.from(newSessionId(), 'base64url').length * 8).toBeGreaterThanOrEqual(128);
  const ones = new Uint32Array(256);
  const sample = 4000;
  for (let index = 0; index < sample; index++) {
    const bytes = Buffer.from(newSessionId(), 'base64url');
    for (let bit = 0; bit < 256; bit++) ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
  }
  // Fair coins stay within 7 standard deviations of the middle but once in a billion runs.
  for (const count of ones) expect(Math.abs(count - sample / 2)).toBeLessThan(7 * Math.sqrt(sample / 4));
});

test('semantics 13: the key is a hash of the id, always the same, and tells nothing of it', () => {
  const id = newSessionId();
  expect(sessionKey(id)).toBe(sessionKey(id));
  expect(sessionKey(id)).toHaveLength(43);
  expect(sessionKey(id)).not.toBe(sessionKey(`${id} `));
  // The known hash of a known text: another hash would sign everyone out.
  expect(sessionKey('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});

test('semantics 13: a handle is no part of anything else', () => {
  expect(newHandle()).toMatch(/^ses_[\w-]{16}$/);
});
