import type { Translation } from '../../i18n/translation.ts';
import type { ownFields as source } from '../en/own-fields.ts';

export const ownFields: Translation<typeof source> = {
  title: 'Mehr über Sie',
  failed: 'Die Felder konnten nicht geladen werden.',
  loading: 'Die Felder werden geladen',
  submit: 'Änderungen speichern',
  done: 'Gespeichert.',
  saveFailed: 'Ihre Änderungen konnten nicht gespeichert werden',
  unchanged: 'Es wurde nichts geändert.',
  notChosen: 'Keine Angabe',
  yes: 'Ja',
  no: 'Nein',
  tooShort: '{min, plural, other {Verwenden Sie mindestens # Zeichen.}}',
  tooLong: '{max, plural, other {Verwenden Sie höchstens # Zeichen.}}',
  noUrl: 'Geben Sie eine Adresse wie https://example.com ein.',
  noNumber: 'Geben Sie eine Zahl ein.',
  noInteger: 'Geben Sie eine ganze Zahl ein.',
  tooSmall: 'Geben Sie {min, number} oder mehr ein.',
  tooLarge: 'Geben Sie {max, number} oder weniger ein.',
};
