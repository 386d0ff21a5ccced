import { ActionIcon } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { displayKeys } from '../../shared/shortcuts/use-shortcuts.ts';
import { openPalette } from './open-palette.ts';

/** Opens the palette without a keyboard. */
export function PaletteButton() {
  const t = useTranslations('palette');
  const title = `${t('open')} (${displayKeys('Mod+k').join(' ')})`;
  return (
    <ActionIcon variant="default" size={36} aria-label={t('open')} title={title} aria-haspopup="dialog" onClick={openPalette}>
      <svg
        viewBox="0 0 24 24"
        width="20"
        height="20"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      >
        <circle cx="10.5" cy="10.5" r="6" />
        <path d="m15 15 5 5" />
      </svg>
    </ActionIcon>
  );
}
