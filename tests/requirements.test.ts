import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The numbers of the rules in docs/semantics.md and of the threats in SECURITY.md. */
const LISTS = { semantics: linesOfSemantics(), security: linesOfSecurity() };

const files = globSync(
  ['{packages,apps}/**/*.test.ts', '{packages,apps}/**/*.test.tsx', '{prisma,tests}/**/*.test.ts', 'packages/*/src/conformance/*.ts'],
  {
    cwd: root,
    exclude: ['**/node_modules/**', 'tests/requirements.test.ts'],
  },
);

/** The numbers in titles such as `security 22, 38: …` and `semantics 40 to 42`. Comments are ignored. */
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

/** A number can be in several rows of the table. */
function linesOfSecurity(): number[] {
  const rows = readFileSync(join(root, 'SECURITY.md'), 'utf8').matchAll(/^\|(?:[^|]*\|){3} (\d[\d, ]*) \|/gm);
  const lines = [...rows].flatMap(([, numbers = '']) => numbers.split(', ').map(Number));
  return [...new Set(lines)].toSorted((one, other) => one - other);
}

test.each([
  ['docs/semantics.md', LISTS.semantics, 64],
  ['SECURITY.md', LISTS.security, 50],
] as const)('%s has all numbers without a gap', (_page, lines, length) => {
  expect(lines).toEqual(Array.from({ length }, (_, index) => index + 1));
});

test.each(Object.entries(LISTS))('a test title names each number of %s', (list, lines) => {
  const named = new Set(files.flatMap((file) => numbersNamed(readFileSync(join(root, file), 'utf8'), list)));
  const [untested, unknown] = [lines.filter((line) => !named.has(line)), [...named].filter((line) => !lines.includes(line))];
  expect(untested, `Name these numbers in the titles of the tests that prove them, such as '${list} ${untested[0]}: …'.`).toEqual([]);
  expect(unknown, `Correct the titles of tests that name these numbers, or add the numbers to the page.`).toEqual([]);
});

test('numbers, lists and ranges are read from a title', () => {
  expect(numbersNamed("test('security 3, 5 and 7 to 9: it holds', …)\n// security 11", 'security')).toEqual([3, 5, 7, 8, 9]);
});
