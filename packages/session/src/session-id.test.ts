import { expect, test } from 'vitest';
import {
  formatToken,
  hashSecret,
  newHandle,
  newSecret,
  parseToken,
  randomTag,
  SHARD_TAG_LENGTH,
  shardTagOf,
  tokenOfId,
} from './session-id.ts';

test('semantics 9: 100,000 secrets and handles are all different', () => {
  const count = 100_000;
  expect(new Set(Array.from({ length: count }, newSecret)).size).toBe(count);
  expect(new Set(Array.from({ length: count }, () => newHandle())).size).toBe(count);
  // Also if they are on one server.
  expect(new Set(Array.from({ length: count }, () => newHandle('of-one-user'))).size).toBe(count);
});

test('semantics 9: a secret has at least 128 bits, and each of them varies', () => {
  expect(Buffer.from(newSecret(), 'base64url').length * 8).toBeGreaterThanOrEqual(128);
  const ones = new Uint32Array(256);
  const sample = 4000;
  for (let index = 0; index < sample; index++) {
    const bytes = Buffer.from(newSecret(), 'base64url');
    for (let bit = 0; bit < 256; bit++) ones[bit] = (ones[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1);
  }
  // Fair coins stay within 7 standard deviations of the mean, except once in a billion runs.
  for (const count of ones) expect(Math.abs(count - sample / 2)).toBeLessThan(7 * Math.sqrt(sample / 4));
});

test('semantics 13: only a hash of a secret is stored; it is deterministic and reveals nothing', () => {
  const secret = newSecret();
  expect(hashSecret(secret)).toBe(hashSecret(secret));
  expect(hashSecret(secret)).toHaveLength(43);
  expect(hashSecret(secret)).not.toBe(hashSecret(`${secret} `));
  // The known hash of a known text: another hash function would sign everyone out.
  expect(hashSecret('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});

test('a handle has 31 characters: a prefix, a shard tag and a random part', () => {
  const tag = randomTag();
  expect(tag).toMatch(new RegExp(`^[\\w-]{${SHARD_TAG_LENGTH}}$`));
  const handle = newHandle(tag);
  expect(handle).toMatch(/^ses_[\w-]{27}$/);
  expect(shardTagOf(handle)).toBe(tag);
  expect(shardTagOf(newHandle())).not.toBe(shardTagOf(newHandle()));
});

test('a token is parsed as it was formatted', () => {
  for (let round = 0; round < 1000; round++) {
    const token = { handle: newHandle(), secret: newSecret() };
    expect(parseToken(formatToken(token))).toEqual(token);
  }
});

const HANDLE = 'ses_AAAAAAAAAAAbbbbbbbbbbbbbbbb';
const SECRET = 's'.repeat(43);

test.each([
  '',
  '.',
  HANDLE,
  SECRET,
  `${HANDLE}.`,
  `.${SECRET}`,
  `${HANDLE}${SECRET}`,
  `${HANDLE}.${SECRET}.`,
  `${HANDLE}..${SECRET}`,
  `${HANDLE}.${SECRET}.${SECRET}`,
  `${HANDLE}.${SECRET}\n`,
  ` ${HANDLE}.${SECRET}`,
  `${HANDLE}.${SECRET} `,
  `${HANDLE}:${SECRET}`,
  `${HANDLE}.${'s'.repeat(21)}`,
  `${HANDLE}.${'s'.repeat(129)}`,
  `${HANDLE}.${'s'.repeat(42)}\0`,
  `${HANDLE}.${'é'.repeat(43)}`,
  `ses_.${SECRET}`,
  `ses_${'h'.repeat(61)}.${SECRET}`,
  `SES_${HANDLE.slice(4)}.${SECRET}`,
  `${HANDLE.slice(4)}.${SECRET}`,
  `ses_${'h'.repeat(26)}*.${SECRET}`,
  `ses_${'h'.repeat(26)}}.${SECRET}`,
])('security: %j is not a token', (text) => {
  expect(parseToken(text)).toBeUndefined();
});

test('the token of an id is deterministic, and neither half can be derived from the other without the id', () => {
  const [id, other] = ['an id of express-session', 'another id'];
  const token = tokenOfId(id);
  expect(token).toEqual(tokenOfId(id));
  expect(token.secret).toBe(id);
  expect(token.handle).toMatch(/^ses_[\w-]{27}$/);
  expect(token.handle).not.toBe(tokenOfId(other).handle);
  // A stolen dump has the hash of the secret beside the handle.
  expect(hashSecret(token.secret)).not.toContain(token.handle.slice(4));
});
