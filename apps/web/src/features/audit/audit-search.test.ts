import { expect, test } from 'vitest';
import { readAuditSearch } from './audit-search.ts';

test('the URL contains the account and kind filters', () => {
  expect(readAuditSearch({ user: 'u1', kind: 'role_changed' })).toEqual({ user: 'u1', kind: 'role_changed' });
  expect(readAuditSearch({})).toEqual({});
});

test('invalid filters are ignored', () => {
  for (const invalid of [{ user: '', kind: 'teleported' }, { user: ['u1', 'u2'], kind: ['signed_in', 'locked'] }, { user: 'u'.repeat(65) }])
    expect(readAuditSearch(invalid)).toEqual({});
});
