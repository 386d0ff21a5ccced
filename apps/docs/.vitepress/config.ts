import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { slugify } from '../src/slugify.ts';
import { pathOf, SIDEBAR } from '../src/sidebar.ts';

const source = 'generated/site';
const base = '/docs/';
const exists = (page: string): boolean => existsSync(join(import.meta.dirname, '..', source, page));

export default defineConfig({
  base,
  srcDir: source,
  outDir: 'dist',
  cacheDir: 'node_modules/.cache/vitepress',
  cleanUrls: true,
  // Otherwise a style element is inserted at each change, which the server's CSP refuses.
  appearance: { disableTransition: false },
  // Pages show addresses of a server that the reader has started.
  ignoreDeadLinks: 'localhostLinks',
  // The list of pages is a file, not an inline script that changes with each page.
  metaChunk: true,
  title: 'Gatehouse',
  titleTemplate: ':title · Gatehouse',
  description: 'Server-side sessions for TypeScript: from the database row to the React hook.',
  lang: 'en',
  head: [
    ['link', { rel: 'icon', href: `${base}gatehouse.svg`, type: 'image/svg+xml' }],
    [
      'link',
      {
        rel: 'preload',
        href: `${base}fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2`,
        as: 'font',
        type: 'font/woff2',
        crossorigin: '',
      },
    ],
    ['meta', { name: 'theme-color', content: '#265f4b' }],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    anchor: { slugify },
    // Commands are indented blocks on pages that are read in a terminal too.
    config(md) {
      md.renderer.rules['code_block'] = (tokens, index) => {
        const code = tokens[index]?.content ?? '';
        return md.options.highlight?.(code, 'sh', '')?.replace(/^/, '<div class="language-sh">').concat('</div>') ?? '';
      };
    },
  },
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  themeConfig: {
    logo: '/gatehouse.svg',
    search: { provider: 'local', options: { detailedView: true } },
    notFound: { quote: 'The address may be wrong, or the page has moved. Search finds it.', linkText: 'Go to the first page' },
    nav: [
      { text: 'Quick start', link: '/start' },
      { text: 'Guides', link: '/guide/express' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'Reference', link: '/reference/card' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: SIDEBAR.map(({ text, links }) => ({
      text,
      items: links.filter(({ page }) => exists(page)).map(({ text: label, page }) => ({ text: label, link: pathOf(page) })),
    })),
    outline: { level: [2, 3] },
    docFooter: { prev: 'Before', next: 'Next' },
    externalLinkIcon: false,
    footer: { message: 'MIT licence.' },
  },
});
