import { expect, test } from 'vitest';
import { expiryWarning } from './expiry-warning.ts';

const at = (time: string) => new Date(`2026-03-01T${time}Z`);
const hour = { lastActivity: at('12:00:00'), expires: at('13:00:00'), absoluteExpires: at('20:00:00') };

test.each([
  ['12:54:59', 'none'],
  ['12:55:00', 'can stay'],
  ['12:59:59', 'can stay'],
  ['13:00:00', 'over'],
])('a session that ends at 13:00 and can slide: at %s %s', (now, warning) => {
  expect(expiryWarning(hour, at(now))).toBe(warning);
});

test('one that has reached its absolute age cannot be kept', () => {
  expect(expiryWarning({ ...hour, absoluteExpires: at('13:00:00') }, at('12:56:00'))).toBe('must end');
});

test('a session of two minutes warns in its last quarter, not from its beginning', () => {
  const short = { lastActivity: at('12:00:00'), expires: at('12:02:00'), absoluteExpires: at('20:00:00') };
  expect(expiryWarning(short, at('12:00:01'))).toBe('none');
  expect(expiryWarning(short, at('12:01:30'))).toBe('can stay');
});
