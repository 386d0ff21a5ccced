import { useEffect, useEffectEvent } from 'react';
import { singleKeysAreOff } from './single-keys.ts';
import { shortcuts, type Shortcut } from './shortcut-store.ts';

/** Adds shortcuts while the component is mounted: `useShortcuts([{ keys: 'Mod+k', label: t('…'), group: t('…'), run }])`. */
export function useShortcuts(list: readonly Shortcut[]): void {
  const run = useEffectEvent((keys: string) => list.find((shortcut) => shortcut.keys === keys)?.run());
  // Functions are new in every render; the texts change with the language only.
  const description = JSON.stringify(list.map(({ keys, label, group }) => ({ keys, label, group })));
  useEffect(() => {
    const described = JSON.parse(description) as Array<Omit<Shortcut, 'run'>>;
    return shortcuts.add(described.map((shortcut) => ({ ...shortcut, run: () => run(shortcut.keys) })));
  }, [description]);
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Listens to the keyboard. Once, in the layout. */
export function useShortcutListener(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // Composing a character with an input method, or AltGr.
      if (event.defaultPrevented || event.isComposing || event.altKey || event.repeat) return;
      const target = event.target instanceof Element ? event.target : undefined;
      const isTyping = target?.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog') != null;
      const mod = isMac ? event.metaKey : event.ctrlKey;
      if (!mod && (event.metaKey || event.ctrlKey)) return;
      const ran = shortcuts.press({ key: event.key, mod, isTyping, onlyMod: singleKeysAreOff(), atMs: event.timeStamp });
      if (ran) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** "⌘ K" on a Mac, "Ctrl K" elsewhere; "g s" stays. */
export const displayKeys = (keys: string): string[] =>
  keys.split(/[+ ]/).map((key) => (key === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : key));
