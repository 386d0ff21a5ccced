/** A line of CSV (RFC 4180). */
export const csvLine = (cells: readonly (string | null)[]): string => `${cells.map((cell) => csvCell(cell ?? '')).join(',')}\r\n`;

/**
 * Text that a spreadsheet would run as a formula gets an apostrophe, also in Japanese full width, and also after a semicolon or tab: a
 * spreadsheet whose separator that is reads a new cell there. https://owasp.org/www-community/attacks/CSV_Injection
 */
const csvCell = (text: string): string => `"${text.replaceAll(FORMULA, "$1'").replaceAll('"', '""')}"`;

const FORMULA = /((?:^|[;\t\r\n])\s*(?=[=+\-@＝＋－＠])|^(?=[\t\r\n]))/g;
