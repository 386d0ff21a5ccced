import { Cookie, type SessionData } from 'express-session';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { withDeadline } from './deadline.ts';
import type { Engine, Lifetimes } from './engine-port.ts';
import { openDbEngine } from './engines/db/db-engine.ts';
import { SessionEndedError, UnstorableValueError } from './errors.ts';
import { SessionStore } from './session-store.ts';
import { createTempDatabase, type TempDatabase } from './test-support/temp-database.ts';

let storage: TempDatabase;
let engine: Engine;
let store: SessionStore;
beforeAll(async () => {
  storage = await createTempDatabase();
  engine = openDbEngine({ database: await storage.connect(), lifetimes: LIFETIMES });
  store = new SessionStore({ engine, lifetimes: LIFETIMES });
});
beforeEach(() => store.clear());
afterAll(() => storage.dispose());

const MINUTE = 60_000;
const session = (data: object): SessionData => data as SessionData;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const data = async (id: string): Promise<unknown> => store.get(id);

describe('used directly, as in scripts and other stores’ test suites', () => {
  test('get returns what was set, including the cookie', async () => {
    const value = {
      foo: 'bar',
      nested: { list: [1, { a: null }] },
      cookie: { originalMaxAge: 90_000, expires: inMs(90_000), httpOnly: true, path: '/x', sameSite: 'lax', secure: true },
    };
    await store.set('123', session(value));
    expect(await data('123')).toEqual(value);
  });

  test('a session without a cookie, and an empty one', async () => {
    await store.set('a', session({ foo: 'bar' }));
    await store.set('b', session({}));
    expect(await data('a')).toEqual({ foo: 'bar' });
    expect(await data('b')).toEqual({});
  });

  test('set again with another object replaces all data', async () => {
    await store.set('123', session({ foo: 'bar', old: 1, cookie: { expires: inMs(MINUTE) } }));
    await store.set('123', session({ foo: 'baz', cookie: { expires: inMs(MINUTE) } }));
    expect(await data('123')).toEqual({ foo: 'baz', cookie: { expires: expect.any(String) } });
    expect(await store.length()).toBe(1);
  });

  test('set again with the same object, changed; and under another id', async () => {
    const value = session({ foo: 'bar' });
    await store.set('123', value);
    Object.assign(value, { foo: 'baz' });
    await store.set('123', value);
    await store.set('456', value);
    expect([await data('123'), await data('456')]).toEqual([{ foo: 'baz' }, { foo: 'baz' }]);
    Object.assign(value, { foo: 'third' });
    await store.set('123', value);
    expect([await data('123'), await data('456')]).toEqual([{ foo: 'third' }, { foo: 'baz' }]);
  });

  test('after two concurrent sets, one of the objects is stored completely', async () => {
    await Promise.all([store.set('123', session({ by: 1, only1: true })), store.set('123', session({ by: 2, only2: true }))]);
    expect([
      { by: 1, only1: true },
      { by: 2, only2: true },
    ]).toContainEqual(await data('123'));
    expect(await store.length()).toBe(1);
  });

  test('many concurrent sets cause no storage error', async () => {
    const bounded = new SessionStore({ engine: withDeadline(engine, 10_000), lifetimes: LIFETIMES });
    const numbers = Array.from({ length: 20 }, (_, by) => by);
    await Promise.all(numbers.map((by) => bounded.set('123', session({ by, [`only${by}`]: true }))));
    expect(numbers.map((by) => ({ by, [`only${by}`]: true }))).toContainEqual(await data('123'));
    expect(await store.length()).toBe(1);
  });

  test('reserved names are stored like any other', async () => {
    await store.set('123', session({ id: '123', save: 'nope', req: 1, foo: 'bar' }));
    expect(await data('123')).toEqual({ id: '123', save: 'nope', req: 1, foo: 'bar' });
  });

  test('a missing session is null, and touching or destroying it is not an error', async () => {
    expect(await store.get('none')).toBeNull();
    expect(await store.get('')).toBeNull();
    await store.touch('none', session({ cookie: { expires: inMs(MINUTE) } }));
    await store.destroy('none');
    expect(await store.length()).toBe(0);
  });

  test('length, all, destroy, clear', async () => {
    for (let index = 0; index < 12; index++) await store.set(`sid-${index}`, session({ index, cookie: { expires: inMs(MINUTE) } }));
    expect(await store.length()).toBe(12);
    expect((await store.all()).map((one) => (one as unknown as { index: number }).index).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, index) => index),
    );
    await store.destroy('sid-0');
    expect(await store.length()).toBe(11);
    expect(await store.get('sid-0')).toBeNull();
    await store.clear();
    expect([await store.length(), await store.all()]).toEqual([0, []]);
  });

  test('all reads page by page', async () => {
    const pages: number[] = [];
    const small: Engine = {
      ...engine,
      async list(options) {
        const page = await engine.list({ ...options, limit: 3 });
        pages.push(page.sessions.length);
        return page;
      },
    };
    for (let index = 0; index < 7; index++) await store.set(`s${index}`, session({ index }));
    expect(await new SessionStore({ engine: small, lifetimes: LIFETIMES }).all()).toHaveLength(7);
    expect(pages).toEqual([3, 3, 1]);
  });

  test('one cookie object in many sessions', async () => {
    const cookie = new Cookie();
    for (let index = 0; index < 20; index++) {
      cookie.expires = new Date(Date.now() + MINUTE);
      await store.set(`s${index}`, { cookie });
    }
    expect(await store.length()).toBe(20);
    expect(await data('s0')).toMatchObject({ cookie: { originalMaxAge: expect.any(Number), path: '/', httpOnly: true } });
  });

  test('an unstorable value is refused, and the stored data stays', async () => {
    await store.set('123', session({ foo: 'bar' }));
    await expect(store.set('123', session({ foo: () => 1 }))).rejects.toThrow(UnstorableValueError);
    expect(await data('123')).toEqual({ foo: 'bar' });
  });

  test('an invalid date in the cookie is stored as no date, as in express-session', async () => {
    const cookie = new Cookie();
    cookie.expires = new Date(Number.NaN);
    await store.set('123', { cookie });
    expect(await data('123')).toMatchObject({ cookie: { expires: null } });
  });
});

describe('with callbacks', () => {
  const called = (name: 'get' | 'set' | 'touch' | 'destroy' | 'length' | 'all' | 'clear', ...args: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const callback = (error: unknown, result: unknown): void => (error === null ? resolve(result) : reject(error));
      void Reflect.apply(store[name], store, [...args, callback]);
    });

  test('every method calls back with null and its result', async () => {
    await called('set', '123', { foo: 'bar' });
    expect(await called('get', '123')).toEqual({ foo: 'bar' });
    await called('touch', '123', { foo: 'bar', cookie: { expires: inMs(MINUTE) } });
    expect(await called('length')).toBe(1);
    expect(await called('all')).toEqual([{ foo: 'bar' }]);
    await called('destroy', '123');
    expect(await called('get', '123')).toBeNull();
    await called('clear');
  });

  test('an error goes to the callback only, and the promise does not reject', async () => {
    const callback = vi.fn();
    const broken = new SessionStore({ engine: { ...engine, load: () => Promise.reject(new Error('down')) }, lifetimes: LIFETIMES });
    await broken.get('123', callback);
    await vi.waitFor(() => expect(callback).toHaveBeenCalledWith(new Error('down')), { timeout: 20_000 });
    await broken.set('123', session({ foo: 'bar' }), callback);
    await vi.waitFor(() => expect(callback).toHaveBeenCalledTimes(2), { timeout: 20_000 });
  });

  test.each(['get', 'set', 'touch', 'destroy'] as const)('%s with an invalid id does the same, and does not throw', async (name) => {
    const callback = vi.fn();
    const args = name === 'get' || name === 'destroy' ? [undefined, callback] : [undefined, {}, callback];
    expect(() => void Reflect.apply(store[name], store, args)).not.toThrow();
    await vi.waitFor(() => expect(callback).toHaveBeenCalledExactlyOnceWith(expect.any(TypeError)), { timeout: 20_000 });
  });
});

describe('expiry follows the cookie', () => {
  const at = (over: Partial<Lifetimes> = {}) => {
    let nowMs = Date.now();
    const now = () => nowMs;
    const lifetimes = { ...LIFETIMES, ...over };
    const timed = new SessionStore({ engine: openDbEngine({ database: databases[0] as never, lifetimes, now }), lifetimes, now });
    return { timed, wait: (ms: number) => void (nowMs += ms), expires: (ms: number) => new Date(nowMs + ms).toISOString() };
  };
  const databases: unknown[] = [];
  beforeAll(async () => void databases.push(await storage.connect()));

  test.each<[string, (expires: (ms: number) => string) => object]>([
    ['expires as text', (expires) => ({ expires: expires(5000) })],
    ['expires as a date', (expires) => ({ expires: new Date(expires(5000)) })],
    ['maxAge alone, in milliseconds', () => ({ maxAge: 5000 })],
  ])('%s', async (_name, cookie) => {
    const { timed, wait, expires } = at();
    await timed.set('123', session({ cookie: cookie(expires) }));
    wait(4999);
    expect(await timed.get('123')).not.toBeNull();
    expect(await timed.length()).toBe(1);
    wait(1);
    expect(await timed.get('123')).toBeNull();
    expect([await timed.length(), await timed.all()]).toEqual([0, []]);
  });

  test('touch extends it, and the loaded cookie has the new expiry', async () => {
    const { timed, wait, expires } = at();
    await timed.set('123', session({ foo: 'bar', cookie: { expires: expires(5000), originalMaxAge: 5000 } }));
    wait(3000);
    const extended = expires(5000);
    await timed.touch('123', session({ cookie: { expires: extended, originalMaxAge: 5000 } }));
    expect(await timed.get('123')).toEqual({ foo: 'bar', cookie: { expires: extended, originalMaxAge: 5000 } });
    wait(4999);
    expect(await timed.get('123')).not.toBeNull();
    wait(1);
    expect(await timed.get('123')).toBeNull();
  });

  test('touch never revives', async () => {
    const { timed, wait, expires } = at();
    await timed.set('123', session({ cookie: { expires: expires(5000) } }));
    const held = await timed.get('123');
    wait(5000);
    await timed.touch('123', session({ ...held, cookie: { expires: expires(5000) } }));
    expect(await timed.get('123')).toBeNull();
  });

  test('a date in the past ends it, whether new or stored', async () => {
    const { timed, expires } = at();
    await timed.set('789', session({ cookie: { expires: expires(MINUTE) } }));
    expect(await timed.length()).toBe(1);
    await timed.set('789', session({ cookie: { expires: expires(-MINUTE) } }));
    await timed.set('790', session({ cookie: { expires: expires(-MINUTE) } }));
    expect(await timed.length()).toBe(0);
  });

  test('without an age, the settings’ age applies and slides with every touch', async () => {
    const { timed, wait } = at({ ageMs: 5000, activityIntervalMs: 0 });
    await timed.set('123', session({ cookie: { expires: null, originalMaxAge: null } }));
    for (let visit = 0; visit < 3; visit++) {
      wait(4000);
      const held = await timed.get('123');
      expect(held).not.toBeNull();
      await timed.touch('123', held as SessionData);
    }
    wait(5000);
    expect(await timed.get('123')).toBeNull();
  });

  test('without an age again, the settings’ age applies again', async () => {
    const { timed, wait, expires } = at();
    await timed.set('123', session({ cookie: { expires: expires(5000) } }));
    await timed.set('123', session({ cookie: { expires: null } }));
    wait(5000);
    expect(await timed.get('123')).not.toBeNull();
  });

  test('the absolute age limits every cookie', async () => {
    const { timed, wait, expires } = at({ absoluteAgeMs: 10_000 });
    await timed.set('123', session({ cookie: { expires: expires(3_000_000_000) } }));
    wait(9999);
    expect(await timed.get('123')).not.toBeNull();
    wait(1);
    expect(await timed.get('123')).toBeNull();
  });
});

describe('semantics 28: a session loaded before it ended', () => {
  test('cannot be set again', async () => {
    await store.set('123', session({ foo: 'bar' }));
    const held = (await store.get('123')) as SessionData;
    await store.destroy('123');
    Object.assign(held, { foo: 'revived' });
    await expect(store.set('123', held)).rejects.toThrow(SessionEndedError);
    expect(await store.get('123')).toBeNull();
  });

  test('with only its cookie changed, there is no error', async () => {
    await store.set('123', session({ foo: 'bar', cookie: { expires: inMs(MINUTE) } }));
    const held = (await store.get('123')) as SessionData;
    await store.destroy('123');
    Object.assign(held.cookie, { expires: inMs(2 * MINUTE) });
    await store.set('123', held);
    expect(await store.get('123')).toBeNull();
  });
});

test('semantics 13: neither the id nor the cookie’s value is stored, and `all` returns no id', async () => {
  const { prisma } = await storage.connect();
  await store.set('an-id-that-is-easy-to-find', session({ foo: 'bar' }));
  expect(JSON.stringify(await prisma.session.findMany())).not.toContain('an-id-that-is-easy-to-find');
  expect(JSON.stringify(await store.all())).not.toContain('an-id-that-is-easy-to-find');
});
