import { expect, test } from 'vitest';
import { expiryWarning } from './expiry-warning.ts';

const at = (time: string) => new Date(`2026-03-01T${time}Z`);
const hour = { loginTime: at('08:00:00'), lastActivity: at('12:00:00'), expires: at('13:00:00'), absoluteExpires: at('20:00:00') };

test.each([
  ['12:54:59', 'none'],
  ['12:55:00', 'extendable'],
  ['12:59:59', 'extendable'],
  ['13:00:00', 'expired'],
])('a session that expires at 13:00 and can be extended: at %s, %s', (now, warning) => {
  expect(expiryWarning(hour, at(now))).toBe(warning);
});

test('a session that has reached its absolute age cannot be extended', () => {
  const last = { ...hour, absoluteExpires: at('13:00:00') };
  expect(expiryWarning(last, at('12:56:00'))).toBe('final');
  // Also if the user was active a moment ago.
  expect(expiryWarning({ ...last, lastActivity: at('12:55:59') }, at('12:56:00'))).toBe('final');
});

test('a session of two minutes warns in its last quarter', () => {
  const short = { loginTime: at('08:00:00'), lastActivity: at('12:00:00'), expires: at('12:02:00'), absoluteExpires: at('20:00:00') };
  expect(expiryWarning(short, at('12:00:01'))).toBe('none');
  expect(expiryWarning(short, at('12:01:30'))).toBe('extendable');
});
