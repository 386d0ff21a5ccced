import { expect, test } from 'vitest';
import { facts, table } from './table.ts';

test('columns are aligned, wide characters take two columns, and lines have no trailing spaces', () => {
  expect(
    table(
      ['Name', 'City', 'Last'],
      [
        ['Ada', '東京', 'x'],
        ['Grace H.', 'Oslo', ''],
      ],
    ),
  ).toEqual(['Name      City  Last', 'Ada       東京  x', 'Grace H.  Oslo']);
});

test('a cell cannot forge a line or move the cursor', () => {
  expect(table(['A'], [['x\ny\u001b[1A']])).toEqual(['A', 'x�y']);
  expect(
    facts([
      ['Name', 'x\ny'],
      ['A', 'z'],
    ]),
  ).toEqual(['Name  x�y', 'A     z']);
});
