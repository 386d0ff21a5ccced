import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = globSync(
  ['*.md', 'docs/**/*.md', '{prisma,bench}/*.md', '{packages,apps}/*/README.md', 'apps/docs/*.md', 'apps/docs/{guide,reference}/*.md'],
  { cwd: root },
);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

describe.each(pages)('%s', (page) => {
  const text = readFileSync(join(root, page), 'utf8');

  test('links only to existing files', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    expect(
      links.filter((target) => !existsSync(join(root, dirname(page), target))),
      `Correct the links of ${page}: they are relative to its folder.`,
    ).toEqual([]);
  });

  test('names only existing scripts', () => {
    const named = [...text.matchAll(/\bpnpm(?:@12)? (?!--|exec|add|create|install|audit)([a-z][a-z:-]*)/g)].map(
      ([, script = '']) => script,
    );
    expect(
      named.filter((script) => scripts[script] === undefined),
      `Correct ${page}, or add the script to package.json.`,
    ).toEqual([]);
  });

  test('names only existing files', () => {
    const named = [...text.matchAll(/`((?:apps|packages|prisma|scripts|tests|docs)\/[\w./-]+\.(?:ts|tsx|md|prisma))`/g)].map(
      ([, file = '']) => file,
    );
    expect(
      named.filter((file) => !existsSync(join(root, file))),
      `Correct ${page}: these files were moved or deleted.`,
    ).toEqual([]);
  });
});

test.each(pages.filter((page) => page.startsWith('packages/')))('%s lists only existing files of its package', (page) => {
  const cells = readFileSync(join(root, page), 'utf8').matchAll(/^\| (`[^|]*`) \|/gm);
  const named = [...cells].flatMap(([, cell = '']) => [...cell.matchAll(/`([\w/-]+(?:\.ts|\/))`/g)].map(([, file = '']) => file));
  expect(
    named.filter((file) => !existsSync(join(root, dirname(page), 'src', file))),
    `Correct ${page}: these files were moved or deleted.`,
  ).toEqual([]);
});

test('every setting that a page sets exists', () => {
  const settings = new Set([...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name));
  for (const page of pages) {
    const named = [...readFileSync(join(root, page), 'utf8').matchAll(/\bSESSION_[A-Z_]+(?==)/g)].map(([name]) => name);
    expect(
      named.filter((name) => !settings.has(name)),
      `Correct ${page}, or add the setting to packages/settings/src.`,
    ).toEqual([]);
  }
});

test('docs/adopting.md and docs/from-django.md name each of their settings and its default', () => {
  const page = ['docs/adopting.md', 'docs/from-django.md'].map((file) => readFileSync(join(root, file), 'utf8')).join();
  const lines = readFileSync(join(root, 'apps/docs/reference/settings.md'), 'utf8').matchAll(/^\| `(SESSION_ADOPT_\w+)` \| (.+?) \|/gm);
  const rows = [...lines].map(([, name = '', fallback = '']) => ({
    name,
    defaults: [...fallback.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
  }));
  expect(rows.length).toBeGreaterThan(3);
  expect(
    rows.filter(({ name, defaults }) => [name, ...defaults].some((text) => !page.includes(text))),
    'Name the setting and its default on one of the two pages.',
  ).toEqual([]);
});

test('the README is short, and shows the app of the quick start', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme.split('\n').length).toBeLessThan(150);
  const app = readFileSync(join(root, 'tests/foreign/quick-start/app.ts'), 'utf8');
  for (const page of [readme, readFileSync(join(root, 'apps/docs/index.md'), 'utf8')]) expect(page).toContain(`\n${app}\`\`\``);
});

test('every script runs an existing file', () => {
  const files = Object.values(scripts).flatMap((command) => [...command.matchAll(/\bnode (\S+\.ts)/g)].map(([, file = '']) => file));
  expect(files.length).toBeGreaterThan(5);
  expect(
    files.filter((file) => !existsSync(join(root, file))),
    'Correct the scripts of package.json.',
  ).toEqual([]);
});
