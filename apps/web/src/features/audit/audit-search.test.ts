import { activityKindSchema, auditFilterSchema, auditPageInputSchema } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { readSearch } from '../../shared/search-schema.ts';
import { auditTableSearch, exportPath, formatCursor, KIND_GROUPS, toAuditFilter, toAuditPage } from './audit-search.ts';

const read = readSearch(auditTableSearch);
const NOW = new Date(2026, 10, 27, 1, 29, 30).getTime();

test('the filter has every kind of the contract once', () => {
  expect(Object.values(KIND_GROUPS).flat().toSorted()).toEqual(activityKindSchema.options.toSorted());
});

test('the URL contains the filter', () => {
  const search = read({
    user: 'u1',
    actor: 'u2',
    kind: ['locked', 'sign_in_failed'],
    address: '10.0.0.1',
    session: 'ses_1',
    period: 'hour',
  });
  expect(toAuditFilter(search, NOW)).toEqual({
    userId: 'u1',
    actorId: 'u2',
    kinds: ['locked', 'sign_in_failed'],
    ip: '10.0.0.1',
    handle: 'ses_1',
    since: new Date(2026, 10, 27, 0, 29).toISOString(),
  });
  expect(read({ kind: 'locked' })).toEqual({ kind: ['locked'] });
});

test('invalid filters are ignored', () => {
  for (const invalid of [
    { kind: 'teleported', period: 'aeon' },
    { user: ['u1', 'u2'] },
    { user: 'u'.repeat(65) },
    { since: 'x'.repeat(41) },
  ])
    expect(read(invalid)).toEqual({});
  expect(toAuditFilter({ user: '', since: 'yesterday', until: '+100000-01-01T00:00:00Z' }, NOW)).toEqual({});
});

test('last night is from 20:00 to 8:00, also while it lasts; today begins at midnight', () => {
  expect(toAuditFilter({ period: 'night' }, NOW)).toEqual({
    since: new Date(2026, 10, 26, 20).toISOString(),
    until: new Date(2026, 10, 27, 8).toISOString(),
  });
  expect(toAuditFilter({ period: 'today' }, NOW)).toEqual({ since: new Date(2026, 10, 27).toISOString() });
});

test('a cursor in the URL is the server’s cursor', () => {
  const cursor = { at: new Date(NOW), id: 'evt_1' };
  const input = toAuditPage({ cursor: formatCursor(cursor) }, NOW);
  expect(auditPageInputSchema.parse(input).cursor).toEqual(cursor);
  expect(toAuditPage({ cursor: 'broken' }, NOW)).toEqual({});
});

test('the export has the parameters of the filter', () => {
  const filter = toAuditFilter({ kind: ['locked', 'signed_in'], until: '2026-11-01T00:00:00Z' }, NOW);
  const path = exportPath('csv', filter);
  expect(path).toBe('/admin/audit.csv?until=2026-11-01T00%3A00%3A00.000Z&kinds=locked%2Csigned_in');
  expect(auditFilterSchema.safeParse(filter).success).toBe(true);
  expect(exportPath('jsonl', {})).toBe('/admin/audit.jsonl');
});
