import { createTranslator } from 'use-intl/core';
import { expect, test } from 'vitest';
import { CATALOGS, type Messages } from '../../i18n/catalogs.ts';
import { describeDetails } from './audit-details.ts';

const messages = { ...(await CATALOGS.en.signedIn()), ...(await CATALOGS.en.administration()) } as Messages;
const t = createTranslator<Messages, 'audit'>({ locale: 'en', messages, namespace: 'audit' }) as Parameters<typeof describeDetails>[1];
const roleName = createTranslator<Messages, 'accounts.roles'>({ locale: 'en', messages, namespace: 'accounts.roles' });

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
  expect(describeDetails(event, t, roleName as Parameters<typeof describeDetails>[2])).toBe(text);
});

test('the names of changed fields are shown as labels', () => {
  const event = { reason: null, detail: { fields: ['name', 'attributes.costCenter'] } };
  expect(describeDetails(event, t, roleName as Parameters<typeof describeDetails>[2])).toBe('Changed: Name, Cost center');
});
