import { afterEach, expect, test, vi } from 'vitest';
import { createExpiryStore } from './expiry-store.ts';

afterEach(() => void vi.unstubAllGlobals());

const fakeStorage = (): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> => {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
};

test('a session is expired from its expiry time on, even after the browser was closed', () => {
  vi.stubGlobal('localStorage', fakeStorage());
  createExpiryStore('/trpc').save(5000);
  expect([4999, 5000, 5001].map((now) => createExpiryStore('/trpc', () => now).isExpired())).toEqual([false, true, true]);
});

test('a session is not expired after sign-out', () => {
  vi.stubGlobal('localStorage', fakeStorage());
  const store = createExpiryStore('/trpc', () => 6000);
  expect(store.isExpired()).toBe(false);
  store.save(5000);
  store.clear();
  expect(store.isExpired()).toBe(false);
});

test('without local storage, the expiry time is kept in memory', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  const store = createExpiryStore('/trpc', () => 6000);
  store.save(5000);
  expect(store.isExpired()).toBe(true);
  store.clear();
  expect(store.isExpired()).toBe(false);
});
