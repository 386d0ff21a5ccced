import { expect, test } from 'vitest';
import { chooseLanguage, directionOf, regionalTag } from './languages.ts';

test('the saved choice comes first, then the languages of the browser in their order, then English', () => {
  expect(chooseLanguage('de', ['en-US'])).toBe('de');
  expect(chooseLanguage(null, ['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(chooseLanguage(null, ['fr-FR'])).toBe('en');
  expect(chooseLanguage('toString', [])).toBe('en');
});

test('the pseudo-language runs from right to left and is never chosen for a browser', () => {
  expect(directionOf('ar-XB')).toBe('rtl');
  expect(chooseLanguage('ar-XB', ['en'])).toBe('ar-XB');
  expect(chooseLanguage(null, ['ar-XB', 'ar'])).toBe('en');
});

test('dates and numbers follow the region of the browser', () => {
  expect(regionalTag('de', ['en-GB', 'de-CH'])).toBe('de-CH');
  expect(regionalTag('de', ['en-GB'])).toBe('de');
});
