import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../docs/decisions');
const files = globSync('0*.md', { cwd: folder }).sort();
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8');
const numberOf = (file: string): number => Number(basename(file).slice(0, 4));

/** `2026-11-24. Accepted.`, optionally followed by a note. */
const STATUS = /^\d{4}-\d{2}-\d{2}\. (Accepted|Superseded by \[(\d+)\]\((0\d{3}-[a-z0-9-]+\.md)\))\./m;
const PARTS = ['Context', 'Decision', 'Alternatives', 'Consequences', 'Reconsider'];

test('the numbers run from 1 without a gap', () => {
  expect(files.map(numberOf), 'give each record the next number, and none twice').toEqual(files.map((_, index) => index + 1));
});

describe.each(files)('%s', (file) => {
  const text = textOf(file);

  test('has its number in the title', () => {
    expect(text.split('\n')[0], `begin with "# ${numberOf(file)}. Title"`).toMatch(new RegExp(`^# ${numberOf(file)}\\. \\S`));
  });

  test('has a date and a status in the third line', () => {
    expect(text.split('\n')[2], 'write "YYYY-MM-DD. Accepted." or "YYYY-MM-DD. Superseded by [N](file.md)."').toMatch(STATUS);
  });

  test('is superseded only by a later record', () => {
    const [, , number, target] = STATUS.exec(text) ?? [];
    if (target === undefined) return;
    expect(files, `${target} does not exist`).toContain(target);
    expect([Number(number), numberOf(target) > numberOf(file)]).toEqual([numberOf(target), true]);
  });

  test('has every part, in order', () => {
    const parts = [...text.matchAll(/^\*\*(\w+)\.?\*\*/gm)].map(([, part = '']) => part).filter((part) => PARTS.includes(part));
    expect(parts, `write ${PARTS.map((part) => `**${part}.**`).join(', ')}`).toEqual(PARTS);
  });

  test('has fewer than 50 lines', () => {
    expect(text.split('\n').length, 'leave out what the code shows').toBeLessThan(50);
  });

  test('links each other record by its number', () => {
    const links = [...text.matchAll(/\[(\d+)\]\((0[^)]+)\)/g)].map(([, number, target = '']) => [Number(number), target]);
    expect(links.filter(([number, target]) => !files.includes(String(target)) || numberOf(String(target)) !== number)).toEqual([]);
  });
});

test('README.md lists every record with its title and status', () => {
  const rows = [...textOf('README.md').matchAll(/^\| (\d+) \| \[(.+)\]\((.+)\) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
  const expected = files.map((file) => {
    const [, title = ''] = /^# \d+\. (.+)/.exec(textOf(file)) ?? [];
    return [String(numberOf(file)), title, file, STATUS.exec(textOf(file))?.[1] ?? ''];
  });
  expect(rows, 'correct the table of docs/decisions/README.md').toEqual(expected);
});
