const warned = new Set<string>();

/**
 * Tells the operator, once in a process for each code, what no caller can be told: `process.on('warning')` sees it, and Node prints it.
 *
 * @param code `GATEHOUSE_…`, as `warning.code`.
 */
export function warnOnce(code: string, message: string): void {
  if (warned.has(code)) return;
  warned.add(code);
  process.emitWarning(message, { type: 'GatehouseWarning', code });
}

/** For tests: each of them hears its own warnings. */
export const forgetWarnings = (): void => warned.clear();
