import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { useShortcuts } from '../../shared/shortcuts/use-shortcuts.ts';
import { onOpenPalette } from './open-palette.ts';
import type { Opening } from './palette.tsx';
import type { PalettePage } from './use-commands.ts';

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));

/** Opens the palette with ⌘K or Ctrl+K, or with its button. Once, in the layout of the signed-in pages. Loaded when it opens first. */
export function CommandPalette({ pages }: { pages: readonly PalettePage[] }) {
  const t = useTranslations('palette');
  const general = useTranslations('shortcuts')('general');
  const [opening, setOpening] = useState<Opening>();
  const open = () => {
    // A dialog of the browser is above everything, so the palette would be behind it.
    if (document.querySelector('dialog[open]') === null) setOpening({ focused: document.activeElement });
  };
  useShortcuts([
    { keys: 'Mod+k', label: t('openShortcut'), group: general, run: open },
    { keys: '/', label: t('focusSearch'), group: general, run: () => focusSearch() || open() },
  ]);
  const onOpen = useEffectEvent(open);
  useEffect(() => onOpenPalette(() => onOpen()), []);
  return (
    opening && (
      <Suspense>
        <Palette opening={opening} pages={pages} />
      </Suspense>
    )
  );
}

/** The search field of the page's table, if it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}
