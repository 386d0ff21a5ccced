/** The languages of the screens. A language needs a folder in `src/messages` and an entry in `i18n/catalogs.ts`. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof LANGUAGES;

/**
 * English in brackets, from right to left: shows text that is not translated, and layouts that assume left to right. For tests and
 * developers only, so the switch does not offer it. Chosen by `localStorage['gatehouse-language'] = 'ar-XB'`.
 */
export const PSEUDO_LANGUAGE = 'ar-XB';

export type AnyLanguage = Language | typeof PSEUDO_LANGUAGE;

export const isLanguage = (value: unknown): value is Language => typeof value === 'string' && Object.hasOwn(LANGUAGES, value);

export const directionOf = (language: AnyLanguage): 'ltr' | 'rtl' => (language === PSEUDO_LANGUAGE ? 'rtl' : 'ltr');

const baseOf = (tag: string): string => tag.split('-', 1)[0]?.toLowerCase() ?? '';

/** The saved choice, else the first of the browser's languages that we have, else English. */
export function chooseLanguage(saved: string | null, preferred: readonly string[]): AnyLanguage {
  if (saved === PSEUDO_LANGUAGE || isLanguage(saved)) return saved;
  return preferred.map(baseOf).find(isLanguage) ?? 'en';
}

/** The tag for dates and numbers: the browser's regional variant of the language if there is one, such as `de-AT`. */
export const regionalTag = (language: AnyLanguage, preferred: readonly string[]): string =>
  preferred.find((tag) => baseOf(tag) === language) ?? language;
