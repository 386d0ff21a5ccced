import { expect, test } from 'vitest';
import { whyWords } from './audit-words.ts';

test.each([
  [{ reason: 'expired', detail: null }, 'its time was over'],
  [{ reason: 'revoked_by_admin', detail: { ended: 1 } }, 'ended by an administrator, 1 session'],
  [{ reason: null, detail: { from: 'user', to: 'admin' } }, 'from User to Administrator'],
  [{ reason: null, detail: { ended: 0 } }, '0 sessions ended'],
  [{ reason: null, detail: { role: 'user' } }, 'as User'],
  [{ reason: null, detail: null }, ''],
] as const)('%j is told as: %s', (event, words) => {
  expect(whyWords(event)).toBe(words);
});
