import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The lines of each list that this project is held to: what sessions do, and what attackers try. */
const LISTS = { semantics: linesOfSemantics(), security: linesOfSecurity() };

const files = globSync(
  ['{packages,apps}/**/*.test.ts', '{packages,apps}/**/*.test.tsx', '{prisma,tests}/**/*.test.ts', 'packages/*/src/conformance/*.ts'],
  {
    cwd: root,
    exclude: ['**/node_modules/**', 'tests/requirements.test.ts'],
  },
);

/** Of the titles `security 22, 38: …`, `semantics 40 to 42` and the like, not of comments. */
function numbersNamed(text: string, list: string): number[] {
  const titles = text.matchAll(new RegExp(`['"\`][^'"\`\\n]*\\b${list} (\\d+(?:(?:, | and | to )\\d+)*)`, 'g'));
  return [...titles].flatMap(([, numbers = '']) =>
    numbers.split(/, | and /).flatMap((part) => {
      const [first = 0, last = first] = part.split(' to ').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
}

function linesOfSemantics(): number[] {
  return [...readFileSync(join(root, 'docs/semantics.md'), 'utf8').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
}

/** A line can be in several rows of the table. */
function linesOfSecurity(): number[] {
  const rows = readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(/^\|(?:[^|]*\|){3} (\d[\d, ]*) \|/gm);
  const lines = [...rows].flatMap(([, numbers = '']) => numbers.split(', ').map(Number));
  return [...new Set(lines)].toSorted((one, other) => one - other);
}

test.each([
  ['docs/semantics.md', LISTS.semantics, 59],
  ['SECURITY.md', LISTS.security, 49],
] as const)('%s has every line of its list', (_page, lines, length) => {
  expect(lines).toEqual(Array.from({ length }, (_, index) => index + 1));
});

test.each(Object.entries(LISTS))('every line of the list of %s is named by a test that shows it', (list, lines) => {
  const named = new Set(files.flatMap((file) => numbersNamed(readFileSync(join(root, file), 'utf8'), list)));
  const [untested, unknown] = [lines.filter((line) => !named.has(line)), [...named].filter((line) => !lines.includes(line))];
  expect(untested, `Name these lines in the title of the test that shows them, such as '${list} ${untested[0]}: …'.`).toEqual([]);
  expect(unknown, `Correct the titles of tests that name these numbers, or add the lines to the list.`).toEqual([]);
});

test('the numbers of a title are read as they are meant', () => {
  expect(numbersNamed("test('security 3, 5 and 7 to 9: it holds', …)\n// security 11", 'security')).toEqual([3, 5, 7, 8, 9]);
});
