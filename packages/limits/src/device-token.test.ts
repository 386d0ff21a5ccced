import { expect, test } from 'vitest';
import { deviceTokens } from './device-token.ts';

const tokens = deviceTokens(['a secret of the server', 'the one before']);

test('a device is known to the account that signed in on it, and to no other', () => {
  const token = tokens.issue(undefined, 'ada');
  expect(tokens.recognise(token, 'ada')).toMatch(/^[\w-]{22}$/);
  expect(tokens.recognise(token, 'eve')).toBeUndefined();
  expect(token).not.toContain('ada');
});

test('a token is genuine that was given out here, to whichever account; one that somebody has made is not', () => {
  const token = tokens.issue(tokens.issue(undefined, 'ada'), 'eve');
  expect(tokens.isGenuine(token)).toBe(true);
  const [device = '', any = '', ...accounts] = token.split('.');
  expect(tokens.isGenuine([device, ...accounts].join('.'))).toBe(false);
  expect(tokens.isGenuine([device.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')), any, ...accounts].join('.'))).toBe(false);
  expect(tokens.isGenuine('')).toBe(false);
  expect(deviceTokens(['another', 'a secret of the server']).isGenuine(token)).toBe(true);
});

test('people who share a device keep their budgets, the last five of them', () => {
  const people = ['a', 'b', 'c', 'd', 'e', 'f'];
  let token = '';
  for (const person of people) token = tokens.issue(token || undefined, person);
  const known = people.map((person) => tokens.recognise(token, person));
  expect(known[0]).toBeUndefined();
  expect(new Set(known.slice(1)).size).toBe(1);
  expect(tokens.issue(token, 'f')).toBe(token);
});

test('secrets rotate: the one before is still known, and a sign-in renews the signature', () => {
  const old = deviceTokens(['the one before']).issue(undefined, 'ada');
  expect(tokens.recognise(old, 'ada')).toBeDefined();
  const renewed = tokens.issue(old, 'ada');
  expect(deviceTokens(['a secret of the server']).recognise(renewed, 'ada')).toBe(tokens.recognise(old, 'ada'));
  expect(deviceTokens(['another']).recognise(renewed, 'ada')).toBeUndefined();
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
])('a token that is not ours knows nobody, and is not kept: %#', (token) => {
  expect(tokens.recognise(token, 'ada')).toBeUndefined();
  expect(tokens.recognise(tokens.issue(token, 'ada'), 'ada')).toBeDefined();
});

test('a device cannot be given another’s signature', () => {
  const [device] = tokens.issue(undefined, 'ada').split('.');
  const [, signature] = tokens.issue(undefined, 'ada').split('.');
  expect(tokens.recognise(`${device}.${signature}`, 'ada')).toBeUndefined();
});
