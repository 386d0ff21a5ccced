import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { escapeVue } from './escape-vue.ts';
import { rewriteLinks } from './rewrite-links.ts';
import { SIDEBAR } from './sidebar.ts';
import { root, sitePages } from './site-pages.ts';

const pages = sitePages();
const linked = SIDEBAR.flatMap(({ links }) => links.map(({ page }) => page));

test('every page has a place in the sidebar, once', () => {
  const written = [...pages.values()].filter((page) => page !== 'index.md' && !/^decisions\/\d/.test(page));
  expect(
    written.filter((page) => !linked.includes(page)),
    'Add the page to apps/docs/src/sidebar.ts.',
  ).toEqual([]);
  expect(linked.length).toBe(new Set(linked).size);
});

test('the sidebar links only to pages that exist', () => {
  const exists = (page: string): boolean => page.startsWith('api/') || [...pages.values()].includes(page);
  expect(
    linked.filter((page) => !exists(page)),
    'Write the page, or remove it from apps/docs/src/sidebar.ts.',
  ).toEqual([]);
  expect([...pages.keys()].filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('links between files become links between pages', () => {
  const rewrite = (text: string) => rewriteLinks(text, { file: 'docs/engines.md', pages, titleOf: () => 'Its title' });
  expect(rewrite('[a](express.md#signing-in) and\n[b](decisions/README.md)')).toBe(
    '[a](/guide/express.md#signing-in) and\n[b](/decisions/index.md)',
  );
  expect(rewrite('[a test](../packages/session/src/x.test.ts), [`docs/x.ts`](x.ts)')).toBe(
    'a test (`packages/session/src/x.test.ts`), `docs/x.ts`',
  );
  expect(rewrite('see [express.md](express.md)')).toBe('see [Its title](/guide/express.md)');
  expect(rewrite('![p](screenshots/a.png) [e](https://example.com) [h](#here)')).toBe(
    '![p](/screenshots/a.png) [e](https://example.com) [h](#here)',
  );
  expect(rewrite('```md\n[a](express.md)\n```\n')).toBe('```md\n[a](express.md)\n```\n');
});

test('text that Vue would take for code is escaped, and elements, addresses and code are not', () => {
  expect(escapeVue('Reads <file>, {{x}} and <https://example.com>. `<file>` <b>bold</b>')).toBe(
    'Reads &lt;file>, &#123;&#123;x}} and <https://example.com>. `<file>` <b>bold</b>',
  );
  expect(escapeVue('```ts\nconst a: Map<string, X> = {{}};\n```\n')).toBe('```ts\nconst a: Map<string, X> = {{}};\n```\n');
});
