import { watch } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vitepress';
import { assemble } from './src/assemble.ts';
import { docsFolder, root } from './src/site-pages.ts';

// `pnpm --filter @gatehouse/docs dev`: the site, which follows its sources. The API reference is that of the last build.
assemble();
const server = await createServer(docsFolder);
await server.listen();
server.printUrls();

let timer: NodeJS.Timeout | undefined;
for (const folder of [
  docsFolder,
  join(docsFolder, 'guide'),
  join(docsFolder, 'reference'),
  join(root, 'docs'),
  join(root, 'docs/decisions'),
])
  watch(folder, (_event, file) => {
    if (!file?.endsWith('.md')) return;
    clearTimeout(timer);
    // An editor writes a file in several steps.
    timer = setTimeout(assemble, 100);
  });
