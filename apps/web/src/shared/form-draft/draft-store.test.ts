import { afterEach, expect, test, vi } from 'vitest';
import { readDraft, removeAllDrafts, removeDraft, saveDraft } from './draft-store.ts';

/** The methods are not enumerable, so that the keys of the object are those of the entries, as in a browser. */
function memoryStorage(): Storage {
  const storage = {} as Record<string, string>;
  const method = (name: string, value: unknown) => Object.defineProperty(storage, name, { value, enumerable: false });
  method('getItem', (key: string) => storage[key] ?? null);
  method('setItem', (key: string, value: string) => void (storage[key] = value));
  method('removeItem', (key: string) => void delete storage[key]);
  return storage as unknown as Storage;
}

const EMPTY = { name: '', email: '', currentPassword: '' };

afterEach(() => void vi.unstubAllGlobals());

test('a draft is its user’s and its form’s, and never has a password', () => {
  const storage = memoryStorage();
  vi.stubGlobal('sessionStorage', storage);
  saveDraft('ada', 'email', { name: 'Ada', email: 'a@b.example', currentPassword: 'hidden', newPassword: 'hidden' });
  expect(readDraft('ada', 'email', EMPTY)).toEqual({ name: 'Ada', email: 'a@b.example' });
  expect(readDraft('bob', 'email', EMPTY)).toBe(undefined);
  expect(readDraft('ada', 'name', EMPTY)).toBe(undefined);
  expect(JSON.stringify(storage)).not.toContain('hidden');
  removeDraft('ada', 'email');
  expect(readDraft('ada', 'email', EMPTY)).toBe(undefined);
});

test('a draft that the form shows anyway is none, and fields of another version of the form are left out', () => {
  vi.stubGlobal('sessionStorage', memoryStorage());
  saveDraft('ada', 'name', { name: 'Ada', gone: 'x', email: 7 });
  expect(readDraft('ada', 'name', { name: 'Ada', email: '' })).toBe(undefined);
  expect(readDraft('ada', 'name', { name: '', email: '' })).toEqual({ name: 'Ada' });
});

test('a group of fields is restored whole, without secrets and without fields that the form no longer has', () => {
  const storage = memoryStorage();
  vi.stubGlobal('sessionStorage', storage);
  saveDraft('ada', 'fields', { attributes: { phone: '12', passwordHint: 'hidden', gone: 'x', news: 'no' } });
  expect(JSON.stringify(storage)).not.toContain('hidden');
  const shown = { attributes: { phone: '', news: false, passwordHint: '' } };
  expect(readDraft('ada', 'fields', shown)).toEqual({ attributes: { phone: '12', news: false, passwordHint: '' } });
  expect(readDraft('ada', 'fields', { attributes: { phone: '12', news: false } })).toBe(undefined);
  expect(readDraft('ada', 'fields', { attributes: '' })).toBe(undefined);
});

test('a sign-out by choice removes all drafts and nothing else', () => {
  const storage = memoryStorage();
  vi.stubGlobal('sessionStorage', storage);
  storage.setItem('other', 'kept');
  saveDraft('ada', 'name', { name: 'Ada' });
  saveDraft('bob', 'name', { name: 'Bob' });
  removeAllDrafts();
  expect(Object.keys(storage)).toEqual(['other']);
});

test('blocked or broken storage means no draft', () => {
  expect(readDraft('ada', 'name', EMPTY)).toBe(undefined);
  saveDraft('ada', 'name', { name: 'Ada' });
  const storage = memoryStorage();
  vi.stubGlobal('sessionStorage', storage);
  storage.setItem('gatehouse-draft:ada:name', '{');
  expect(readDraft('ada', 'name', EMPTY)).toBe(undefined);
});
