import { expect, test } from 'vitest';
import { readAuditSearch } from './audit-search.ts';

test('the address says which account and which kind are shown', () => {
  expect(readAuditSearch({ user: 'u1', kind: 'role_changed' })).toEqual({ user: 'u1', kind: 'role_changed' });
  expect(readAuditSearch({})).toEqual({});
});

test('what is neither filters nothing, and breaks nothing', () => {
  for (const odd of [{ user: '', kind: 'teleported' }, { user: ['u1', 'u2'], kind: ['signed_in', 'locked'] }, { user: 'u'.repeat(65) }])
    expect(readAuditSearch(odd)).toEqual({});
});
