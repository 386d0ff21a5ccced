import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { assemble, siteSource } from './src/assemble.ts';
import { checkSite } from './src/check-site.ts';
import { compressFiles } from './src/compress-files.ts';
import { docsFolder } from './src/site-pages.ts';

// `pnpm build:docs`: the API reference, all pages in one folder, and the site in dist. Fails if a link leads nowhere.
const typedoc = spawnSync(process.execPath, [join(docsFolder, 'node_modules/typedoc/bin/typedoc'), '--options', 'typedoc.json'], {
  cwd: docsFolder,
  stdio: 'inherit',
});
if (typedoc.status !== 0) process.exit(1);
const dist = join(docsFolder, 'dist');
for (const folder of [siteSource, dist]) rmSync(folder, { recursive: true, force: true });
assemble();
await build(docsFolder);

const problems = checkSite(dist, '/docs/');
if (problems.length > 0) {
  console.error(`Links that lead nowhere:\n${problems.join('\n')}`);
  process.exit(1);
}
compressFiles(dist);
