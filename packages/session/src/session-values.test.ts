import { describe, expect, test } from 'vitest';
import { ReservedKeyError, UnstorableValueError } from './errors.ts';
import { applyChanges, changesBetween, serializeKeys, toStoredData } from './session-values.ts';

const RULES = { own: new Set(['cookie']), reserved: new Set(['id', '__proto__']), keepsDates: (key: string) => key === 'd' };
const serialize = (session: object) => serializeKeys(session, RULES);

describe('semantics 3: changed keys', () => {
  test.each<[string, object, object]>([
    ['a key that is set', {}, { a: 1 }],
    ['a key that is replaced', { a: 1 }, { a: 2 }],
    ['a nested value', { a: { b: [1, { c: 1 }] } }, { a: { b: [1, { c: 2 }] } }],
    ['an item pushed to a list', { a: [1] }, { a: [1, 2] }],
    ['a value of another type', { a: 1 }, { a: '1' }],
    ['null instead of undefined', {}, { a: null }],
  ])('%s', (_name, before, after) => {
    expect(changesBetween(serialize(before), serialize(after))?.set.has('a')).toBe(true);
  });

  test('a key that is deleted or set to undefined', () => {
    for (const after of [{}, { a: undefined }])
      expect(changesBetween(serialize({ a: 1 }), serialize(after))).toEqual({ set: new Map(), deleted: new Set(['a']) });
  });

  test('writing the same value again is not a change', () => {
    expect(changesBetween(serialize({ a: { b: 1 }, d: new Date(5) }), serialize({ a: { b: 1 }, d: new Date(5) }))).toBeUndefined();
  });

  test('the cookie is not data', () => {
    expect(serialize({ cookie: { maxAge: 1 } }).size).toBe(0);
  });

  test('changes are applied to the current data, key by key', () => {
    const changes = changesBetween(serialize({ a: 1, gone: 1 }), serialize({ a: 2, fresh: [1] }));
    expect(changes && applyChanges({ a: 1, gone: 1, theirs: 'kept' }, changes)).toEqual({ a: 2, fresh: [1], theirs: 'kept' });
  });
});

describe('semantics 5: an unstorable value is refused with the key’s name', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  let deep: object = {};
  for (let level = 0; level < 200; level++) deep = { deep };

  test.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a BigInt', 10n],
    ['a cycle', cycle],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['an invalid date', new Date(Number.NaN)],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a Promise', Promise.resolve()],
    ['a RegExp', /x/],
    ['an Error', new Error('x')],
    ['bytes', new Uint8Array(2)],
    ['a Buffer', Buffer.from('x')],
    ['more than a hundred levels', deep],
  ])('%s', (_name, value) => {
    expect(() => serialize({ fine: 1, basket: value })).toThrow(UnstorableValueError);
    expect(() => serialize({ fine: 1, basket: value })).toThrow(/"basket/);
    expect(() => serialize({ basket: [{ inner: value }] })).toThrow(/"basket\[0\]\.inner/);
  });

  test('the same object in two places is not a cycle', () => {
    const shared = { a: 1 };
    expect(serialize({ list: [shared, shared] }).get('list')).toBe('[{"a":1},{"a":1}]');
  });

  test('the result of toJSON is used', () => {
    expect(serialize({ link: new URL('https://example.org/') }).get('link')).toBe('"https://example.org/"');
    expect(serialize({ nothing: { toJSON: () => undefined } }).has('nothing')).toBe(false);
  });

  test('the message does not show the value', () => {
    const secret = { password: 'hunter2', fn: () => 1 };
    expect(() => serialize({ secret })).toThrow(expect.not.stringContaining('hunter2'));
  });
});

describe('keys', () => {
  test('a reserved key is refused', () => {
    expect(() => serialize({ id: 'x' })).toThrow(ReservedKeyError);
    expect(() => serialize(JSON.parse('{"__proto__": {"admin": true}}') as object)).toThrow(ReservedKeyError);
  });

  test('a __proto__ in a value stays a key and changes no prototype', () => {
    const stored = toStoredData(serialize({ form: JSON.parse('{"__proto__": {"admin": true}}') as object }));
    expect(JSON.stringify(stored)).toBe('{"form":{"__proto__":{"admin":true}}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

test('semantics 4: values keep their types in a round trip if JSON supports them', () => {
  const data = { text: 'ä😀"\\', number: -0.5, yes: true, none: null, list: [1, [2]], object: { a: { b: '' } } };
  expect(toStoredData(serialize(data))).toEqual(data);
});
