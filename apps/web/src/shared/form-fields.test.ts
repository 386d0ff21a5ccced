import { expect, test } from 'vitest';
import { fieldPaths, rebase } from './form-fields.ts';

test('a field in a group has the path that the server uses', () => {
  expect(fieldPaths({ name: '', attributes: { floor: '', tags: ['a'] }, role: 'user' })).toEqual([
    'name',
    'attributes.floor',
    'attributes.tags',
    'role',
  ]);
});

test('fields that were not touched follow new values; what was typed stays', () => {
  const before = { name: 'Ada', attributes: { floor: '1', phone: '2' } };
  const typed = { name: 'Ada', attributes: { floor: '7', phone: '2' } };
  const after = { name: 'Countess', attributes: { floor: '3', phone: '4' } };
  expect(rebase(typed, before, after)).toEqual({ name: 'Countess', attributes: { floor: '7', phone: '4' } });
});

test('a new field appears with its value, and one that is gone disappears', () => {
  const before = { attributes: { floor: '1' } };
  expect(rebase({ attributes: { floor: '7' } }, before, { attributes: { phone: '4' } } as never)).toEqual({ attributes: { phone: '4' } });
});
