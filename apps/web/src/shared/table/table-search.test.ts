import { expect, test } from 'vitest';
import { readSearch, searchChoices } from '../search-schema.ts';
import { formatSort, parseSort, tableSearchSchema } from './table-search.ts';

const read = readSearch({ ...tableSearchSchema(['name', 'createdAt']), kinds: searchChoices(['a', 'b']) });

test('the state of a table is read from the URL', () => {
  expect(read({ q: 'ada', sort: '-name', page: '3', cursor: 'c', kinds: 'a' })).toEqual({
    q: 'ada',
    sort: '-name',
    page: 3,
    cursor: 'c',
    kinds: ['a'],
  });
});

test('what is not valid is ignored', () => {
  expect(read({ q: ['a', 'b'], sort: 'password', page: '-1', kinds: ['a', 'x'], other: '1' })).toEqual({});
  expect(read({ page: '2.5' })).toEqual({});
  expect(read(Object.create(null) as Record<string, unknown>)).toEqual({});
});

test.each(['name', '-createdAt'] as const)('the sort order %s is unchanged after parsing and formatting', (sort) => {
  const parsed = parseSort(sort);
  expect(parsed && formatSort(parsed)).toBe(sort);
});
