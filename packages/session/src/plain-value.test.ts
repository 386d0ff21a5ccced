import * as path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { UnstorableValueError } from './errors.ts';
import { plainCopy } from './plain-value.ts';

const copy = (value: unknown, keepsDates = false): unknown => plainCopy(value, { key: 'cart', keepsDates });
const comesBack = (value: unknown): unknown => JSON.parse(JSON.stringify(copy(value)));

class Basket {
  readonly items = ['a'];
  readonly #total = 1;
  total(): number {
    return this.#total;
  }
}
class List extends Array {}
const otherRealm = createContext({});
const elsewhere = (code: string): unknown => runInContext(`(${code})`, otherRealm);

describe('semantics 4 and 56: allowed values are restored unchanged', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['a boolean', false],
    ['an empty text', ''],
    ['text with U+0000, a lone surrogate and an emoji', 'a\0b\ud800c😀\u2028'],
    ['numbers', [0, -0.5, 1e308, 5e-324, Number.MAX_SAFE_INTEGER]],
    ['nested lists and objects', { list: [[], {}, [{ a: null }]], empty: {} }],
    ['keys that differ only in case, or by a space', { a: 1, A: 2, 'a ': 3, ' a': 4, '': 5, ä: 6, 'a\u0308': 7 }],
    ['a key of 10,000 characters', { ['k'.repeat(10_000)]: 1 }],
    ['numbers as keys', { 2: 'b', 1: 'a', x: 0 }],
    ['names of Object.prototype as keys', { constructor: 1, toString: 'x', hasOwnProperty: null }],
    ['__proto__ as a key', JSON.parse('{"__proto__": {"admin": true}, "a": 1}')],
    ['the same object twice', ((one) => ({ first: one, second: [one, one] }))({ a: 1 })],
    ['a hundred levels', Array.from({ length: 99 }).reduce((inner: object) => ({ inner }), {})],
  ])('%s', (_name, value) => {
    expect(comesBack(value)).toStrictEqual(value);
  });

  test.each<[string, unknown, unknown]>([
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['plain data of another realm', elsewhere('{ a: [1, { b: null }], c: Object.create(null) }'), { a: [1, { b: null }], c: {} }],
    ['a property that is undefined', { a: 1, b: undefined }, { a: 1 }],
    [
      'a getter',
      {
        get total() {
          return 3;
        },
      },
      { total: 3 },
    ],
    ['a Proxy of plain data', new Proxy({ a: [1] }, {}), { a: [1] }],
    ['negative zero', [-0], [0]],
    ['a property that is not enumerable', Object.defineProperty({ a: 1 }, 'hidden', { value: () => 1 }), { a: 1 }],
  ])('%s', (_name, value, expected) => {
    expect(comesBack(value)).toStrictEqual(expected);
  });

  test.each<[string, unknown, unknown]>([
    ['a URL', new URL('https://example.org/'), 'https://example.org/'],
    ['a custom class', { price: { toJSON: () => ({ amount: '1.50', currency: 'EUR' }) } }, { price: { amount: '1.50', currency: 'EUR' } }],
    ['nothing', { a: 1, b: { toJSON: () => undefined } }, { a: 1 }],
    [
      'a toJSON that depends on its key',
      { a: { toJSON: (key: string) => key }, b: [{ toJSON: (key: string) => key }] },
      { a: 'a', b: ['0'] },
    ],
  ])('an object with toJSON: %s', (_name, value, expected) => {
    expect(comesBack(value)).toStrictEqual(expected);
  });

  test('a __proto__ key changes no prototype', () => {
    const copied = copy(JSON.parse('{"__proto__": {"admin": true}}')) as object;
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
    expect(Object.keys(copied)).toEqual(['__proto__']);
  });
});

describe('semantics 5: everything else is refused', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = [cycle];
  const broken = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );

  test.each<[string, unknown]>([
    ['undefined in an array', [1, undefined]],
    // oxlint-disable-next-line no-sparse-arrays
    ['a hole in an array', [1, , 2]],
    ['an array of four billion holes', Object.assign([], { length: 4_294_967_295 })],
    ['an array with named keys', Object.assign([1], { total: 1 })],
    ['an array with a hole and a named key', Object.assign(Array(1), { total: 1 })],
    ['an array of a subclass', List.from([1])],
    ['NaN', Number.NaN],
    ['Infinity', Number.NEGATIVE_INFINITY],
    ['a BigInt', 1n],
    ['a symbol', Symbol('s')],
    ['a symbol as a key', { [Symbol('s')]: 1 }],
    ['a symbol as a key of an array', Object.assign([1], { [Symbol('s')]: 1 })],
    ['a function', () => 1],
    [
      'a method',
      {
        a: 1,
        f() {
          return 1;
        },
      },
    ],
    ['a class', Basket],
    ['an instance of a class', new Basket()],
    ['an object with a prototype of its own', Object.create({ a: 1 })],
    ['an object whose prototype was changed', Object.setPrototypeOf({}, { admin: true })],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a WeakMap', new WeakMap()],
    ['a RegExp', /x/u],
    ['an Error', new TypeError('x')],
    ['a Promise', Promise.resolve()],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['a typed array', new Float64Array(1)],
    ['a Buffer', Buffer.from('x')],
    ['a DataView', new DataView(new ArrayBuffer(1))],
    ['Headers', new Headers()],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['an AbortSignal', new AbortController().signal],
    ['a FormData', new FormData()],
    ['a Blob', new Blob([])],
    ['boxed text', Object('x')],
    ['a boxed number', Object(1)],
    [
      'a generator',
      (function* () {
        yield 1;
      })(),
    ],
    [
      'arguments',
      (function () {
        return arguments;
      })(),
    ],
    ['Math', Math],
    ['Intl', Intl],
    ['a module', path],
    ['globalThis', globalThis],
    ['a Map of another realm', elsewhere('new Map()')],
    ['an instance of another realm', elsewhere('new (class Basket {})')],
    ['an invalid date', new Date(Number.NaN)],
    ['a cycle', cycle],
    ['an object referenced too often to be copied', Array.from({ length: 60 }).reduce((inner: object) => [inner, inner], {})],
    ['more than a hundred levels', Array.from({ length: 101 }).reduce((inner: object) => [inner], {})],
    [
      'endless levels',
      {
        toJSON(): object {
          return { inner: this };
        },
      },
    ],
    ['a toJSON that returns a refused value', { toJSON: () => new Map() }],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('no');
        },
      },
    ],
    ['a Proxy that throws', broken],
    ['a revoked Proxy', ((pair) => (pair.revoke(), pair.proxy))(Proxy.revocable({}, {}))],
  ])('%s', (_name, value) => {
    for (const keepsDates of [true, false]) {
      expect(() => copy(value, keepsDates)).toThrow(UnstorableValueError);
      expect(() => copy({ items: [0, { it: value }] }, keepsDates)).toThrow(/"cart\.items\[1\]\.it/);
    }
  });

  test('a declared date is allowed, also of another realm, and keeps its time', () => {
    for (const date of [new Date(5), elsewhere('new Date(5)')]) {
      expect(copy({ at: [date] }, true)).toEqual({ at: [new Date(5)] });
      expect(() => copy({ at: [date] })).toThrow(/a date at "cart\.at\[0\]"\. Declare "cart" in the session schema/);
    }
  });

  test.each<[string, unknown, string]>([
    ['a name with a dot', { 'a.b': { c: 1n } }, String.raw`cart["a.b"].c`],
    ['a quote and a line break', { 'a"\n': 1n }, String.raw`cart["a\"\n"]`],
    ['an index', [[0, 1n]], 'cart[0][1]'],
    ['after other members', { a: { b: { c: 1 } }, d: 1n }, 'cart.d'],
    ['a long name', { ['k'.repeat(100)]: 1n }, `cart.${'k'.repeat(60)}…`],
  ])('the error names the path: %s', (_name, value, where) => {
    expect(() => copy(value)).toThrow(`"${where}"`);
  });

  test('an error of the application becomes the cause', () => {
    const cause = new Error('no');
    expect(() =>
      copy({
        toJSON: () => {
          throw cause;
        },
      }),
    ).toThrow(expect.objectContaining({ cause }));
  });
});

test('each property is read once, so the checked value is the stored one', () => {
  let reads = 0;
  const shifty = {
    get a() {
      return reads++ === 0 ? 1 : new Map();
    },
  };
  const odd = { toJSON: () => (reads++ < 2 ? { b: 1 } : new Map()) };
  expect(comesBack([shifty, odd])).toEqual([{ a: 1 }, { b: 1 }]);
});
