import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkSite } from './check-site.ts';

test('links to missing pages, anchors, images and http addresses are found, and good ones are not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-site-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'guide'));
  writeFileSync(join(folder, 'picture.svg'), '');
  writeFileSync(
    join(folder, 'index.html'),
    `<h1 id="top">x</h1><a href="#top"></a><a href="/docs/guide/express#start"></a><a href="/docs/"></a><img src="/docs/picture.svg">
     <a href="https://example.com/a"></a><a href="http://localhost:3000"></a>
     <a href="/docs/guide/express#end"></a><a href="/docs/nowhere"></a><img src="/docs/missing.png"><a href="http://example.com"></a>`,
  );
  writeFileSync(join(folder, 'guide/express.html'), '<h2 id="start">x</h2><a href="../index#top"></a><a href="#none"></a>');
  expect([...checkSite(folder, '/docs/')].sort()).toEqual([
    'guide/express.html: #none has no such anchor',
    'index.html: /docs/guide/express#end has no such anchor',
    'index.html: /docs/missing.png does not exist',
    'index.html: /docs/nowhere does not exist',
    'index.html: http://example.com is not an https address',
  ]);
});
