import { useLogout } from '@gatehouse/client/tanstack';
import { useMantineColorScheme } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl/react';
import { languageState, subscribeLanguage, switchLanguage } from '../../i18n/language-store.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import type { Messages } from '../../i18n/catalogs.ts';
import { notifyFailure } from '../../shared/notify.ts';
import { openShortcutHelp } from '../../shared/shortcuts/open-help.ts';

/** A page of the navigation. */
export interface PalettePage {
  readonly path: string;
  readonly label: keyof Messages['navigation']['pages'];
}

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly group: keyof Messages['palette']['groups'];
  readonly run: () => void;
}

/** Everything that does not depend on what is typed. */
export function useCommands(pages: readonly PalettePage[]): readonly Command[] {
  const t = useTranslations('palette');
  const navigation = useTranslations('navigation');
  const shell = useTranslations('shell');
  const router = useRouter();
  const logout = useLogout();
  const { language } = useSyncExternalStore(subscribeLanguage, languageState);
  // Otherwise Mantine disables transitions with a <style> element, which the content security policy blocks.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const languages = Object.entries(LANGUAGES) as Array<[Language, string]>;
  return [
    ...pages.map(({ path, label }): Command => ({
      id: `page ${path}`,
      group: 'pages',
      label: navigation(`pages.${label}`),
      run: () => void router.navigate({ to: path }),
    })),
    ...(['light', 'dark', 'auto'] as const)
      .filter((scheme) => scheme !== colorScheme)
      .map((scheme): Command => ({
        id: scheme,
        group: 'actions',
        label: t('useTheme', { theme: scheme }),
        run: () => setColorScheme(scheme),
      })),
    ...languages
      .filter(([key]) => key !== language)
      .map(([key, name]): Command => ({
        id: key,
        group: 'actions',
        label: t('useLanguage', { language: name }),
        run: () => void switchLanguage(key).catch((error: unknown) => notifyFailure(shell('languageFailed'), error)),
      })),
    { id: 'shortcuts', group: 'actions', label: navigation('shortcuts'), run: openShortcutHelp },
    {
      id: 'sign-out',
      group: 'actions',
      label: shell('signOut'),
      run: () => logout.mutate(undefined, { onError: (error) => notifyFailure(shell('signOutFailed'), error) }),
    },
  ];
}

/** Every word of the query begins a word of the label. */
export function matches(label: string, query: string): boolean {
  const words = wordsOf(label);
  return wordsOf(query).every((word) => words.some((other) => other.startsWith(word)));
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
