import { expect, test } from 'vitest';
import { z } from './z.ts';
import { assertAttributesSchema, readAttributes, storedAttributes, type UserAttributes } from './user-attributes.ts';

const schema = z.object({
  department: z.string().max(10).default('none'),
  floor: z.int().optional(),
  tags: z.array(z.string()).default([]),
});

const read = (stored: unknown): UserAttributes => readAttributes(storedAttributes(stored), schema);

test('a missing field gets its default, and an undeclared field is left out', () => {
  expect(read('{}')).toEqual({ department: 'none', tags: [] });
  expect(read('{"department":"Sales","floor":4,"salary":1}')).toEqual({ department: 'Sales', floor: 4, tags: [] });
});

test('a field with an invalid value counts as missing; the others are read', () => {
  expect(read('{"department":["Sales"],"floor":"4","tags":["a"]}')).toEqual({ department: 'none', tags: ['a'] });
  expect(read('{"department":null,"floor":4.5}')).toEqual({ department: 'none', tags: [] });
});

test.each(['', '{"half', 'null', '[]', '7', '"text"', null, undefined, 7, []])(
  'a value that is not an object counts as empty: %j',
  (stored) => {
    expect(read(stored)).toEqual({ department: 'none', tags: [] });
  },
);

test('inherited property names are not attributes', () => {
  const named = z.object({ constructor: z.string().optional(), department: z.string().default('none') });
  const attributes = readAttributes(storedAttributes('{"__proto__":{"department":"Sales"}}'), named);
  expect(attributes).toEqual({ department: 'none' });
  expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
});

test('a refinement that throws or is asynchronous does not break reading', () => {
  const throwing = z.object({
    department: z
      .string()
      .refine((value) => value.at(9)!.length > 0)
      .default('none'),
    floor: z
      .int()
      .refine(() => Promise.resolve(true))
      .optional(),
  });
  expect(readAttributes(storedAttributes('{"department":"Sales","floor":4}'), throwing)).toEqual({ department: 'none' });
});

test('a required field is refused by name', () => {
  expect(() => assertAttributesSchema(schema)).not.toThrow();
  expect(() => assertAttributesSchema(z.object({ department: z.string() }))).toThrow('The user attribute department must be optional');
});
