import { DirectionProvider } from '@mantine/core';
import { useSyncExternalStore, type ReactNode } from 'react';
import { IntlProvider } from 'use-intl/react';
import { languageState, subscribeLanguage } from './language-store.ts';

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Gives the page the current language and its direction. `startLanguage` must have resolved. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const { tag, messages, direction } = useSyncExternalStore(subscribeLanguage, languageState);
  return (
    <IntlProvider locale={tag} messages={messages} timeZone={timeZone}>
      {/* The key, because Mantine reads the direction only once. */}
      <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
        {children}
      </DirectionProvider>
    </IntlProvider>
  );
}
