import { afterEach, expect, test, vi } from 'vitest';
import { openSessionMemory } from './session-memory.ts';

afterEach(() => void vi.unstubAllGlobals());

const stored = (): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> => {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
};

test('a session is expired from the instant of its end, and for whoever opens the browser after it', () => {
  vi.stubGlobal('localStorage', stored());
  openSessionMemory().note(5000);
  expect([4999, 5000, 5001].map((now) => openSessionMemory(() => now).isExpired())).toEqual([false, true, true]);
});

test('one that was signed out of is none', () => {
  vi.stubGlobal('localStorage', stored());
  const memory = openSessionMemory(() => 6000);
  expect(memory.isExpired()).toBe(false);
  memory.note(5000);
  memory.forget();
  expect(memory.isExpired()).toBe(false);
});

test('a browser that keeps nothing remembers while the page is open', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  const memory = openSessionMemory(() => 6000);
  memory.note(5000);
  expect(memory.isExpired()).toBe(true);
  memory.forget();
  expect(memory.isExpired()).toBe(false);
});
