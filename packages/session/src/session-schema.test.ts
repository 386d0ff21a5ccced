import { instantSchema, sessionDataSchema } from '@gatehouse/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UnstorableValueError } from './errors.ts';
import { assertRevivable, reviveData, type DataSchema } from './session-schema.ts';

const numberSchema: DataSchema['shape'][string] = {
  safeParse: (value) => (typeof value === 'number' ? { success: true, data: value } : { success: false }),
};
const schema: DataSchema = { shape: { at: instantSchema, count: numberSchema } };

test('semantics 4: declared dates are restored as dates', () => {
  expect(reviveData({ at: '2030-01-01T00:00:00.000Z' }, schema)).toEqual({ at: new Date(Date.UTC(2030, 0, 1)) });
  expect(reviveData({ loginTime: '2030-01-01T00:00:00.000Z' }, sessionDataSchema)['loginTime']).toBeInstanceOf(Date);
});

test('an undeclared key is plain JSON, and its dates are text', () => {
  expect(reviveData({ seen: '2030-01-01T00:00:00.000Z' }, schema)).toEqual({ seen: '2030-01-01T00:00:00.000Z' });
});

test('a declared key that no longer fits is left out, and the rest stays', () => {
  expect(reviveData({ count: 'many', at: 'yesterday', other: 1 }, schema)).toEqual({ other: 1 });
});

test('names of Object.prototype are ordinary undeclared keys, except __proto__', () => {
  const revived = reviveData(JSON.parse('{"toString": 1, "__proto__": {"admin": true}}') as never, schema);
  expect(revived).toEqual({ toString: 1 });
  expect(Object.getPrototypeOf(revived)).toBe(Object.prototype);
});

test('revived data is a copy: changing it does not affect the stored data', () => {
  const stored = { cart: { items: [1] } };
  (reviveData(stored, schema)['cart'] as { items: number[] }).items.push(2);
  expect(stored).toEqual({ cart: { items: [1] } });
});

describe('semantics 4 and 5: a value of a declared key is restored unchanged, or refused', () => {
  const declared: DataSchema = z.object({
    at: instantSchema,
    next: z.string().max(5),
    cart: z.object({ items: z.array(z.object({ id: z.string(), at: instantSchema.optional() })), note: z.string().optional() }),
    trimmed: z.string().trim(),
    text: z.string(),
    counted: z.number().default(0),
  });
  const check = (data: object): void => assertRevivable(data, Object.keys(data), declared);

  test.each<[string, object]>([
    ['a date', { at: new Date(5) }],
    ['dates inside, keys in another order', { cart: { note: 'x', items: [{ at: new Date(5), id: 'a' }, { id: 'b' }] } }],
    ['an undefined value', { cart: { items: [], note: undefined } }],
    ['undeclared keys', { other: ['anything'] }],
    ['a value that the schema does not change', { trimmed: 'a', counted: 3 }],
  ])('%s is accepted', (_name, data) => {
    expect(() => check(data)).not.toThrow();
  });

  test.each<[string, object]>([
    ['too long text', { next: 'x'.repeat(6) }],
    ['a wrong type', { next: 7 }],
    ['null', { at: null }],
    ['a key that the schema drops', { cart: { items: [], extra: 1 } }],
    ['a key inside that the schema drops', { cart: { items: [{ id: 'a', price: 1 }] } }],
    ['text that the schema changes', { trimmed: ' a' }],
    ['a date where the schema has text', { text: new Date(5) }],
    ['text where the schema has a date', { at: new Date(5).toISOString() }],
  ])('%s is refused with its key', (_name, data) => {
    expect(() => check(data)).toThrow(UnstorableValueError);
    expect(() => check(data)).toThrow(`"${Object.keys(data)[0]}"`);
  });
});
