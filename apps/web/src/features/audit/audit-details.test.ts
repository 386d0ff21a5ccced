import { expect, test } from 'vitest';
import { describeDetails } from './audit-details.ts';

test.each([
  [{ reason: 'expired', detail: null }, 'Reason: expired'],
  [{ reason: 'session_limit', detail: null }, 'Reason: session limit reached'],
  [{ reason: 'revoked_by_admin', detail: { ended: 1 } }, 'Reason: ended by an administrator, 1 session'],
  [{ reason: null, detail: { from: 'user', to: 'admin' } }, 'From User to Administrator'],
  [{ reason: null, detail: { ended: 0 } }, '0 sessions ended'],
  [{ reason: null, detail: { role: 'user' } }, 'Role: User'],
  [{ reason: null, detail: { method: 'passkey' } }, 'Method: passkey'],
  [{ reason: null, detail: { method: 'password' } }, ''],
  [{ reason: null, detail: null }, ''],
] as const)('%j is described as: %s', (event, text) => {
  expect(describeDetails(event)).toBe(text);
});
