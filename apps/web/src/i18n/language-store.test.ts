import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { languageState, loadMessages, switchLanguage } from './language-store.ts';

beforeAll(() => void vi.stubGlobal('document', { documentElement: {} }));
afterAll(async () => {
  await switchLanguage('en');
  vi.unstubAllGlobals();
});

const features = () => Object.keys(languageState().messages);

// In this order, because the store is one for the page.

test('the messages of a part come when it is needed', async () => {
  expect(features()).not.toContain('dashboard');
  await loadMessages('signedIn');
  expect(features()).toEqual(expect.arrayContaining(['shell', 'dashboard']));
  expect(features()).not.toContain('audit');
});

test('a part and another language that are loaded at the same time are both there, whichever comes first', async () => {
  await Promise.all([switchLanguage('de'), loadMessages('administration')]);
  expect(languageState().language).toBe('de');
  expect(languageState().messages.audit?.title).toBe((await import('../messages/de/audit.ts')).audit.title);
  await Promise.all([loadMessages('administration'), switchLanguage('en')]);
  expect(languageState().language).toBe('en');
  expect(languageState().messages.audit?.title).toBe((await import('../messages/en/audit.ts')).audit.title);
});

test('another language has all parts that were needed', async () => {
  await switchLanguage('de');
  expect(features()).toEqual(expect.arrayContaining(['shell', 'dashboard', 'audit']));
});
