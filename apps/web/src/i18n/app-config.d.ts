import type { Messages as AllMessages } from './catalogs.ts';

declare module 'use-intl' {
  /** Types the keys and arguments of `useTranslations`. */
  interface AppConfig {
    Messages: AllMessages;
  }
}
