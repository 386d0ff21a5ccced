import { expect, test } from 'vitest';
import { jsonText } from './json-text.ts';

const at = new Date('2026-11-27T10:00:00.123Z');
class Own {
  readonly at = at;
}

test.for<[string, object]>([
  ['a date', at],
  ['a date without a time', { at: new Date(Number.NaN) }],
  ['a date far away', { at: new Date(8.64e15), before: new Date(-8.64e15) }],
  ['dates in objects and arrays', { user: { name: 'Ada', at }, list: [at, [at], { at }, null, undefined, 'x'], at }],
  ['undefined, functions and symbols', { a: undefined, b: () => at, c: Symbol('c'), at, list: [undefined, () => at, at] }],
  ['a sparse array', Object.assign([] as Date[], { 3: at })],
  ['an array with a key', Object.assign([1, at], { key: at })],
  ['a class', { own: new Own(), list: [new Own()] }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { at })],
  [
    'toJSON that reads a date',
    {
      own: {
        at,
        toJSON(): unknown {
          return this.at.getTime();
        },
      },
    },
  ],
  ['toJSON', { own: { at, toJSON: () => 'own' }, list: [{ toJSON: () => at }], at }],
  ['a map', { map: new Map([['at', at]]), at }],
  ['a key __proto__', JSON.parse('{"__proto__":{"a":1},"b":2}') as object],
  ['a date below __proto__', Object.defineProperty({ at }, '__proto__', { value: at, enumerable: true })],
  [
    'a getter',
    {
      get at() {
        return at;
      },
    },
  ],
  ['wrapped values', { number: Object(1) as object, text: Object('a') as object, at }],
])('%s: the same text as JSON.stringify', (_, value) => {
  expect(jsonText(value)).toBe(JSON.stringify(value));
});

test('the value is left as it was', () => {
  const value = Object.freeze({ at, list: Object.freeze([at]) });
  expect(jsonText(value)).toBe(JSON.stringify(value));
  expect(value).toEqual({ at, list: [at] });
});

test('an object that contains itself is refused', () => {
  const value: Record<string, unknown> = { at };
  value['self'] = value;
  expect(() => jsonText(value)).toThrow();
});

test('a big integer is refused, as by JSON.stringify', () => {
  expect(() => jsonText({ at, big: 1n })).toThrow(TypeError);
});
