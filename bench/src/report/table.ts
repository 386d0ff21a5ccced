export interface Table {
  readonly head: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

/** Aligned for a terminal: the first column to the left, all others to the right. */
export function terminalTable({ head, lines }: Table): string {
  const rows = [head, ...lines];
  const widths = head.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const cell = (text: string, index: number): string => (index === 0 ? text.padEnd(widths[index] ?? 0) : text.padStart(widths[index] ?? 0));
  return rows.map((row) => row.map(cell).join('   ')).join('\n');
}

export const markdownTable = ({ head, lines }: Table): string =>
  [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...lines].map((row) => `| ${row.join(' | ')} |`).join('\n');
