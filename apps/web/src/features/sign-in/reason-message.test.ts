import { REASONS } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { reasonMessage } from './reason-message.ts';

test.each(['SIGN_IN_REQUIRED', 'SESSION_EXPIRED', 'SESSION_ENDED'] as const)('%s has the message of the table', (reason) => {
  expect(reasonMessage(reason)).toBe(REASONS[reason].message);
});

test.each([undefined, '', 'Your bank needs your password', 'toString', '__proto__', 'INTERNAL', 'INVALID_CREDENTIALS'])(
  'a link cannot make the page show %j',
  (reason) => {
    expect(reasonMessage(reason)).toBeUndefined();
  },
);
