import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { notifyDone } from './notify.ts';

interface UndoButtonProps {
  /** From `useUndoable().waiting()`. */
  readonly sendAtMs: number;
  readonly onUndo: () => void;
  /** Names the row for screen readers: "Undo: Firefox on Windows". */
  readonly of: string;
}

/** "Undo", with the seconds that are left. */
export function UndoButton({ sendAtMs, onUndo, of }: UndoButtonProps) {
  const t = useTranslations('controls');
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((sendAtMs - nowMs) / 1000));
  return (
    <Button
      variant="default"
      size="xs"
      // Takes the place of the button that was clicked, which has the focus.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus
      onClick={({ detail }) => {
        // The second click of a double-click on the button before.
        if (detail > 1) return;
        onUndo();
        notifyDone(t('undone'));
      }}
      aria-label={`${t('undo')}: ${of}`}
      rightSection={
        <span role="timer" aria-label={t('undoneIn', { seconds })}>
          {seconds}
        </span>
      }
    >
      {t('undo')}
    </Button>
  );
}
