import { stripVTControlCharacters } from 'node:util';

/**
 * Makes text from outside safe to print on one line of a terminal. Escape sequences in a user agent or a name could
 * otherwise clear the screen, set the title or forge lines of a list. Removes escape sequences; replaces C0 and C1
 * controls, line separators and direction marks.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text.toWellFormed()).replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, '�');

const segmenter = new Intl.Segmenter();

/** At most `length` characters; longer text is cut and ends with an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...segmenter.segment(text)];
  return characters.length <= length ? text : `${text.slice(0, characters[length - 1]?.index)}…`;
}
