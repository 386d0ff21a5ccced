import { stripVTControlCharacters } from 'node:util';

/**
 * Text from outside as one line a terminal may show: a user agent or a name with escape sequences could otherwise
 * clear the screen, set the title or forge lines of a listing. Sequences are taken out; C0 and C1 controls, line
 * separators and the marks that turn the reading direction are replaced.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text.toWellFormed()).replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, '�');

const segmenter = new Intl.Segmenter();

/** At most `length` characters, the cut marked. */
export function shortened(text: string, length: number): string {
  const characters = [...segmenter.segment(text)];
  return characters.length <= length ? text : `${text.slice(0, characters[length - 1]?.index)}…`;
}
