import { expect, test } from 'vitest';
import { moreWords } from './audit-words.ts';

test.each([
  [{ reason: 'expired', detail: null }, 'Why: it expired'],
  [{ reason: 'session_limit', detail: null }, 'Why: a new sign-in exceeded the number of sessions allowed'],
  [{ reason: 'revoked_by_admin', detail: { ended: 1 } }, 'Why: ended by an administrator, 1 session'],
  [{ reason: null, detail: { from: 'user', to: 'admin' } }, 'From User to Administrator'],
  [{ reason: null, detail: { ended: 0 } }, '0 sessions ended'],
  [{ reason: null, detail: { role: 'user' } }, 'As User'],
  [{ reason: null, detail: { method: 'passkey' } }, 'By passkey'],
  [{ reason: null, detail: { method: 'password' } }, ''],
  [{ reason: null, detail: null }, ''],
] as const)('%j is told as: %s', (event, words) => {
  expect(moreWords(event)).toBe(words);
});
