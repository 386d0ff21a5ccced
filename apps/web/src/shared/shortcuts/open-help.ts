const listeners = new Set<() => void>();

/** Opens the help sheet, for menus. */
export function openShortcutHelp(): void {
  for (const listener of listeners) listener();
}

/** For the help sheet. Returns a function that stops. */
export function onOpenShortcutHelp(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
