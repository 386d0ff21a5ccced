import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { escapeVue } from './escape-vue.ts';
import { apiPages } from './api-pages.ts';
import { rewriteLinks } from './rewrite-links.ts';
import { docsFolder, root, sitePages } from './site-pages.ts';

/** What VitePress builds: pages from all over the repository, with links between pages. */
export const siteSource = join(docsFolder, 'generated/site');

/** Writes the pages, the images and the fonts into `generated/site`. Pages that are the same stay untouched, for a server that watches them. */
export function assemble(): void {
  const pages = sitePages();
  const texts = new Map([...pages.keys()].map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const titleOf = (file: string): string => /^# (.+)$/m.exec(texts.get(file) ?? '')?.[1] ?? file;
  for (const [file, page] of pages) write(page, rewriteLinks(escapeVue(texts.get(file) ?? ''), { file, pages, titleOf }));
  for (const [page, text] of apiPages(join(docsFolder, 'generated/typedoc'))) write(page, text);
  copyAssets();
}

function write(page: string, text: string): void {
  const target = join(siteSource, page);
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

function copyAssets(): void {
  const target = join(siteSource, 'public');
  const own = join(docsFolder, 'public');
  if (existsSync(own)) cpSync(own, target, { recursive: true });
  cpSync(join(root, 'docs/screenshots'), join(target, 'screenshots'), { recursive: true });
  cpSync(join(root, 'apps/web/public/gatehouse.svg'), join(target, 'gatehouse.svg'));
  // The web app's font: its files, so that both look alike and it is installed once.
  const font = dirname(createRequire(join(root, 'apps/web/package.json')).resolve('@fontsource-variable/atkinson-hyperlegible-next'));
  for (const file of globSync('files/*.woff2', { cwd: font }))
    cpSync(join(font, file), join(target, 'fonts', file.replace(/^files\//, '')));
}
