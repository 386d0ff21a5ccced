import { expect, test } from 'vitest';
import { MAX_PASSWORD_BYTES } from './password.ts';
import { loginInputSchema } from './sign-in.ts';

const accepts = (password: string): boolean => loginInputSchema.safeParse({ identifier: 'ada', password }).success;

test('security 13: a password is any text up to 1,024 bytes, with spaces and emoji, and is not trimmed', () => {
  expect(accepts(' correct horse 🐴 battery ')).toBe(true);
  expect(loginInputSchema.parse({ identifier: 'ada', password: ' x ' }).password).toBe(' x ');
  expect(accepts('a'.repeat(MAX_PASSWORD_BYTES))).toBe(true);
  expect(accepts('a'.repeat(MAX_PASSWORD_BYTES + 1))).toBe(false);
  expect(accepts('ü'.repeat(MAX_PASSWORD_BYTES / 2))).toBe(true);
  expect(accepts('ü'.repeat(MAX_PASSWORD_BYTES / 2 + 1))).toBe(false);
});

test('security 18: NUL, lone surrogates and a megabyte are refused before hashing', () => {
  expect(accepts('x\0')).toBe(false);
  expect(accepts('\0'.repeat(100))).toBe(false);
  expect(accepts('x\ud800')).toBe(false);
  expect(accepts('x'.repeat(1_000_000))).toBe(false);
});

test('an identifier is trimmed, and must be neither empty nor longer than an e-mail address', () => {
  expect(loginInputSchema.parse({ identifier: ' ada ', password: 'x' }).identifier).toBe('ada');
  expect(loginInputSchema.safeParse({ identifier: '  ', password: 'x' }).success).toBe(false);
  expect(loginInputSchema.safeParse({ identifier: 'a'.repeat(255), password: 'x' }).success).toBe(false);
});

test('objects, arrays, numbers and query operators are refused', () => {
  for (const password of [{ $ne: '' }, ['x'], 7, null, true])
    expect(loginInputSchema.safeParse({ identifier: 'ada', password }).success).toBe(false);
  for (const identifier of [{ contains: '' }, ['ada'], 7, null])
    expect(loginInputSchema.safeParse({ identifier, password: 'x' }).success).toBe(false);
});

test('extra fields are dropped, so that a request cannot set its own role', () => {
  expect(loginInputSchema.parse({ identifier: 'ada', password: 'x', role: 'admin', userId: '1' })).toEqual({
    identifier: 'ada',
    password: 'x',
  });
});
