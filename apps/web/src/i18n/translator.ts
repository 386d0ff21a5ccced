import { createTranslator } from 'use-intl/core';
import type { Messages } from './catalogs.ts';
import { languageState } from './language-store.ts';

/** `useTranslations` for code outside of components, such as notifications: `translator('controls')('undo')`, in the current language. */
export function translator<Feature extends keyof Messages>(namespace: Feature) {
  const { tag, messages } = languageState();
  return createTranslator<Messages, Feature>({ locale: tag, messages, namespace });
}
