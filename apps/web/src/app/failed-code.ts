/** Errors of code that did not arrive: offline, or a new release has replaced it. Vite tells them apart; their texts differ by browser. */
const failures = new WeakSet<Error>();

window.addEventListener('vite:preloadError', ({ payload }) => void failures.add(payload));

export const isFailedCode = (error: unknown): boolean => error instanceof Error && failures.has(error);
