import { expect, test } from 'vitest';
import { printable, shortened } from './printable.ts';

test.each([
  ['Mozilla/5.0 (X11; Linux)', 'Mozilla/5.0 (X11; Linux)'],
  ['\u001b[2J\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007text', 'text'],
  ['two\r\nlines\tand\u2028more', 'two�lines�and�more'],
  ['a\u0000b\u007f', 'a�b�'],
  ['evil\u202egpj.exe', 'evil�gpj.exe'],
  ['Zoë 東京 👩‍💻', 'Zoë 東京 👩‍💻'],
])('%j is printed as %j', (text, shown) => {
  expect(printable(text)).toEqual(shown);
});

test('long text is cut between grapheme clusters and ends with an ellipsis', () => {
  expect(shortened('abcdef', 6)).toBe('abcdef');
  expect(shortened('abcdefg', 6)).toBe('abcde…');
  expect(shortened('👩‍💻👩‍💻👩‍💻', 2)).toBe('👩‍💻…');
});
