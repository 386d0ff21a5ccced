import { expect, test } from 'vitest';
import { deviceTokens } from './device-token.ts';

const tokens = deviceTokens(['current secret', 'previous secret']);

test('a device is known only to accounts that have signed in on it', () => {
  const token = tokens.issue(undefined, 'ada');
  expect(tokens.recognize(token, 'ada')).toMatch(/^[\w-]{22}$/);
  expect(tokens.recognize(token, 'eve')).toBeUndefined();
  expect(token).not.toContain('ada');
});

test('a token that the server issued is genuine for any account; a forged or altered one is not', () => {
  const token = tokens.issue(tokens.issue(undefined, 'ada'), 'eve');
  expect(tokens.isGenuine(token)).toBe(true);
  const [device = '', any = '', ...accounts] = token.split('.');
  expect(tokens.isGenuine([device, ...accounts].join('.'))).toBe(false);
  expect(tokens.isGenuine([device.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')), any, ...accounts].join('.'))).toBe(false);
  expect(tokens.isGenuine('')).toBe(false);
  expect(deviceTokens(['another secret', 'current secret']).isGenuine(token)).toBe(true);
});

test('the last five accounts that share a device are remembered', () => {
  const people = ['a', 'b', 'c', 'd', 'e', 'f'];
  let token = '';
  for (const person of people) token = tokens.issue(token || undefined, person);
  const known = people.map((person) => tokens.recognize(token, person));
  expect(known[0]).toBeUndefined();
  expect(new Set(known.slice(1)).size).toBe(1);
  expect(tokens.issue(token, 'f')).toBe(token);
});

test('after a secret rotation old tokens are still known, and the next sign-in signs them with the new secret', () => {
  const old = deviceTokens(['previous secret']).issue(undefined, 'ada');
  expect(tokens.recognize(old, 'ada')).toBeDefined();
  const renewed = tokens.issue(old, 'ada');
  expect(deviceTokens(['current secret']).recognize(renewed, 'ada')).toBe(tokens.recognize(old, 'ada'));
  expect(deviceTokens(['another secret']).recognize(renewed, 'ada')).toBeUndefined();
  expect(renewed.length).toBe(old.length);
});

test.each([
  undefined,
  '',
  '.',
  'x',
  `${'a'.repeat(22)}.${'b'.repeat(43)}`,
  'a'.repeat(22),
  `${'a'.repeat(22)}.${'b'.repeat(43)}`.repeat(200),
])('a token from elsewhere is unknown and replaced: %#', (token) => {
  expect(tokens.recognize(token, 'ada')).toBeUndefined();
  expect(tokens.recognize(tokens.issue(token, 'ada'), 'ada')).toBeDefined();
});

test('the signature of one device is not valid for another', () => {
  const [device] = tokens.issue(undefined, 'ada').split('.');
  const [, signature] = tokens.issue(undefined, 'ada').split('.');
  expect(tokens.recognize(`${device}.${signature}`, 'ada')).toBeUndefined();
});
