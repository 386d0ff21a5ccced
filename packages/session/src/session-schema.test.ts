import { instantSchema, sessionDataSchema } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { reviveData, type DataSchema } from './session-schema.ts';

const numberSchema: DataSchema['shape'][string] = {
  safeParse: (value) => (typeof value === 'number' ? { success: true, data: value } : { success: false }),
};
const schema: DataSchema = { shape: { at: instantSchema, count: numberSchema } };

test('semantics 4: dates are dates again by schema', () => {
  expect(reviveData({ at: '2030-01-01T00:00:00.000Z' }, schema)).toEqual({ at: new Date(Date.UTC(2030, 0, 1)) });
  expect(reviveData({ loginTime: '2030-01-01T00:00:00.000Z' }, sessionDataSchema)['loginTime']).toBeInstanceOf(Date);
});

test('an undeclared key is plain JSON, a date in it text', () => {
  expect(reviveData({ seen: '2030-01-01T00:00:00.000Z' }, schema)).toEqual({ seen: '2030-01-01T00:00:00.000Z' });
});

test('a declared key that no longer fits is left out, and the rest stays', () => {
  expect(reviveData({ count: 'many', at: 'yesterday', other: 1 }, schema)).toEqual({ other: 1 });
});

test('names of Object.prototype are ordinary undeclared keys, and __proto__ is none', () => {
  const revived = reviveData(JSON.parse('{"toString": 1, "__proto__": {"admin": true}}') as never, schema);
  expect(revived).toEqual({ toString: 1 });
  expect(Object.getPrototypeOf(revived)).toBe(Object.prototype);
});

test('what is revived is a copy: a change in it leaves the stored data alone', () => {
  const stored = { cart: { items: [1] } };
  (reviveData(stored, schema)['cart'] as { items: number[] }).items.push(2);
  expect(stored).toEqual({ cart: { items: [1] } });
});
