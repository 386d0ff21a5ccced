import { useLocale } from 'use-intl/react';
import { createFormats, type Formats } from './formats.ts';
import { languageState } from './language-store.ts';

/** Creating Intl formatters is slow, so there is one set per language. */
const cache = new Map<string, Formats>();

/** Dates, numbers and durations in the language of the page. */
export const useFormats = (): Formats => formatsFor(useLocale());

/** The same for code outside of components. */
export const currentFormats = (): Formats => formatsFor(languageState().tag);

function formatsFor(tag: string): Formats {
  const known = cache.get(tag);
  if (known) return known;
  const formats = createFormats(tag, () => languageState().messages.time);
  cache.set(tag, formats);
  return formats;
}
