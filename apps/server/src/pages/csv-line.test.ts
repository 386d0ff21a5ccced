import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test('a cell never begins with a formula, whichever separator the spreadsheet uses', () => {
  const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1', 'Firefox;=cmd()', 'Firefox; @SUM(A1)', 'a\t+1'];
  for (const cell of cells) {
    const [line] = csvLine([cell]).split('\r\n');
    for (const part of line!.slice(1, -1).split(/[;\t]/)) expect(part.trim()).not.toMatch(/^[=+\-@＝＋－＠]/);
  }
});

test('other text stays as it is, and quotes are doubled', () => {
  expect(csvLine(['a "b", c', 'x=1; y-2 (X11; Linux)', '{"to":"admin"}', null])).toBe(
    '"a ""b"", c","x=1; y-2 (X11; Linux)","{""to"":""admin""}",""\r\n',
  );
});
