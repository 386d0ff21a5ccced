import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { secretsSchema } from './session-secret.ts';

test('random secrets in the usual alphabets are accepted', () => {
  for (let round = 0; round < 2000; round++) {
    const bytes = randomBytes(32);
    const secrets = [bytes.toString('base64url'), bytes.toString('base64'), bytes.toString('hex')];
    expect(secretsSchema.parse(secrets.join(', '))).toEqual(secrets);
  }
});

test.each([
  'short',
  'keyboard cat keyboard cat keyboard cat',
  'change-me-to-something-long-and-random',
  'your-super-secret-key-goes-here-please',
  'a-very-long-example-of-a-session-value',
  'django-insecure-8f$k2!m@q9z^w7x&p4v*c1',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  '0123456789abcdef0123456789abcdef',
  'q7Zk1rX0bN7mC5wEq7Zk1rX0bN7mC5wE',
  'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ',
])('%s is refused', (secret) => {
  expect(secretsSchema.safeParse(secret).success).toBe(false);
});

test('weak secrets are reported by position and not shown', () => {
  const result = secretsSchema.safeParse(`${randomBytes(32).toString('hex')},short,`);
  expect(result.error?.issues.map(({ message }) => message)).toEqual([
    'number 2 has 5 characters; at least 32 are needed.',
    'number 3 is empty.',
  ]);
});
