import { ActionIcon } from '@mantine/core';
import { useId, useRef, type ToggleEvent } from 'react';
import { useTranslations } from 'use-intl/react';
import { openShortcutHelp } from '../../shared/shortcuts/open-help.ts';
import { AppearanceSwitch } from './appearance-switch.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import classes from './preferences-menu.module.css';

/**
 * The menu of the header. The browser's own popover closes on Escape and on a click elsewhere, and returns the focus.
 */
export function PreferencesMenu() {
  const t = useTranslations('navigation');
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const place = ({ newState }: ToggleEvent) => {
    const bottomPx = button.current?.getBoundingClientRect().bottom ?? 0;
    if (newState === 'open') panel.current?.style.setProperty('top', `${bottomPx + 8}px`);
  };
  return (
    <>
      <ActionIcon ref={button} variant="default" size={36} aria-label={t('preferences')} title={t('preferences')} popoverTarget={id}>
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
          <path d="M4 7h9m5 0h2M4 17h2m5 0h9" />
          <circle cx="15.5" cy="7" r="2.25" />
          <circle cx="8.5" cy="17" r="2.25" />
        </svg>
      </ActionIcon>
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <dialog> has no light dismissal in all browsers; the popover has */}
      <div ref={panel} id={id} popover="auto" role="dialog" aria-label={t('preferences')} className={classes.panel} onBeforeToggle={place}>
        <LanguageSwitch />
        <AppearanceSwitch />
        <button
          type="button"
          className={classes.item}
          onClick={() => {
            panel.current?.hidePopover();
            openShortcutHelp();
          }}
        >
          {t('shortcuts')} <kbd className={classes.key}>?</kbd>
        </button>
      </div>
    </>
  );
}
