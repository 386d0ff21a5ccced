import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { onOpenShortcutHelp } from '../../shared/shortcuts/open-help.ts';
import { useShortcutListener, useShortcuts } from '../../shared/shortcuts/use-shortcuts.ts';

const ShortcutHelp = lazy(() => import('./shortcut-help.tsx').then((module) => ({ default: module.ShortcutHelp })));

/** Makes shortcuts work, and opens their help sheet with `?` or from the menu. Once, in the layout of the signed-in pages. */
export function ShortcutSheet() {
  const t = useTranslations('shortcuts');
  const [isOpen, setIsOpen] = useState(false);
  useShortcutListener();
  useShortcuts([{ keys: '?', label: t('showHelp'), group: t('general'), run: () => setIsOpen(true) }]);
  useEffect(() => onOpenShortcutHelp(() => setIsOpen(true)), []);
  return (
    isOpen && (
      <Suspense>
        <ShortcutHelp onClose={() => setIsOpen(false)} />
      </Suspense>
    )
  );
}
