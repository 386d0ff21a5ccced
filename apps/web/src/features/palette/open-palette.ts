const listeners = new Set<() => void>();

/** Opens the palette, for buttons. */
export function openPalette(): void {
  for (const listener of listeners) listener();
}

/** For the palette. Returns a function that stops. */
export function onOpenPalette(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
