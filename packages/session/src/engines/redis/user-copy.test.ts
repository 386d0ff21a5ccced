import { expect, test } from 'vitest';
import { type SessionUser, storedAttributes } from '@gatehouse/contract';
import { readUserCopy, renewedUserCopy } from './user-copy.ts';

const user: SessionUser = {
  id: 'u1',
  username: 'ada',
  email: 'ada@example.org',
  name: 'Ada',
  role: 'user',
  status: 'active',
  attributes: storedAttributes({}),
};
const NOW = Date.UTC(2026, 0, 1);

test('a renewed copy is readable by this version and by the one that wrote the old copy', () => {
  const { name, ...theirs } = { ...user, displayName: 'Ada', phone: '1' };
  const renewed = renewedUserCopy(JSON.stringify(theirs), user, NOW) ?? '';
  expect(readUserCopy(renewed, 'u1')).toEqual({ ...user, name });
  expect(JSON.parse(renewed)).toMatchObject(theirs);
});

test('versions that cannot read each other’s copies do not overwrite them with every request', () => {
  // Our copy as changed by the other version, which also writes a time.
  const theirs = JSON.stringify({ ...user, role: ['user'], renewedAtMs: NOW });
  expect(readUserCopy(theirs, 'u1')).toBeUndefined();
  expect(renewedUserCopy(theirs, user, NOW + 599_000)).toBeUndefined();
  expect(readUserCopy(renewedUserCopy(theirs, user, NOW + 600_000) ?? '', 'u1')).toEqual(user);
});

test('nothing of another user’s copy is kept', () => {
  const renewed = renewedUserCopy(JSON.stringify({ ...user, id: 'u2', phone: '2' }), user, NOW) ?? '';
  expect(JSON.parse(renewed)).toEqual({ ...user, renewedAtMs: NOW });
});
