/** A line of CSV (RFC 4180). */
export const csvLine = (cells: readonly (string | null)[]): string => `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;

/** Text that a spreadsheet would run as a formula gets an apostrophe. https://owasp.org/www-community/attacks/CSV_Injection */
const csvCell = (text: string): string => `"${(/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
