import { expect, test } from 'vitest';
import { signedOutMessageKey } from './reason-message.ts';

test.each(['SIGN_IN_REQUIRED', 'SESSION_EXPIRED', 'SESSION_ENDED'] as const)('%s has a message', (reason) => {
  expect(signedOutMessageKey(reason)).toBe(reason);
});

test.each([undefined, '', 'Your bank needs your password', 'toString', '__proto__', 'INTERNAL', 'INVALID_CREDENTIALS'])(
  'a link cannot make the page show %j',
  (reason) => {
    expect(signedOutMessageKey(reason)).toBeUndefined();
  },
);
