const warned = new Set<string>();

/** Emits a process warning, at most once per code, for problems that no caller can receive. */
export function warnOnce(code: string, message: string): void {
  if (warned.has(code)) return;
  warned.add(code);
  process.emitWarning(message, { type: 'GatehouseWarning', code });
}

/** For tests, so that each test receives its own warnings. */
export const resetWarnings = (): void => warned.clear();
