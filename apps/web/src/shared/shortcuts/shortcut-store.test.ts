import { expect, test } from 'vitest';
import { createShortcutStore } from './shortcut-store.ts';

function storeWith(...keys: string[]) {
  const store = createShortcutStore();
  const ran: string[] = [];
  const remove = store.add(keys.map((each) => ({ keys: each, label: each, group: 'Test', run: () => void ran.push(each) })));
  const press = (key: string, options: { mod?: boolean; isTyping?: boolean; onlyMod?: boolean; atMs?: number } = {}) =>
    store.press({ key, mod: false, isTyping: false, atMs: 0, ...options });
  return { store, ran, remove, press };
}

test('a single key, a modifier and a sequence run their shortcut', () => {
  const { ran, press } = storeWith('/', 'Mod+k', 'g s');
  expect([press('/'), press('K', { mod: true }), press('g'), press('s'), press('x')]).toEqual([true, true, false, true, false]);
  expect(ran).toEqual(['/', 'Mod+k', 'g s']);
});

test('a sequence must be typed without a pause and without another key in between', () => {
  const { ran, press } = storeWith('g s');
  press('g');
  press('s', { atMs: 2_000 });
  press('g');
  press('x');
  press('s');
  expect(ran).toEqual([]);
});

test('while the user types, and while single keys are switched off, only shortcuts with a modifier work', () => {
  const { ran, press } = storeWith('/', 'Mod+k');
  press('/', { isTyping: true });
  press('/', { onlyMod: true });
  press('k', { mod: true, isTyping: true, onlyMod: true });
  expect(ran).toEqual(['Mod+k']);
});

test('removed shortcuts do nothing, and listeners hear of it', () => {
  const { store, ran, press, remove } = storeWith('/');
  let changes = 0;
  store.subscribe(() => (changes += 1));
  remove();
  press('/');
  expect([ran, store.all(), changes]).toEqual([[], [], 1]);
});
