import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { generateDatabaseClient } from './prepare.ts';

// `pnpm typecheck`: few programs, because each checks its imports again. One is for code that runs in Node; the others are for code that
// runs in a browser (without Node's types) and for apps that declare their own session data.
const root = join(import.meta.dirname, '..');
await generateDatabaseClient();

const projects = globSync(['tsconfig.json', 'bench/tsconfig.json', '{packages,apps}/*/tsconfig.json', 'apps/*/e2e/tsconfig.json'], {
  cwd: root,
}).sort();
const failed = projects.filter((project) => {
  console.log(`tsc -p ${project}`);
  return spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], { cwd: root, stdio: 'inherit' }).status !== 0;
});
process.exit(failed.length > 0 ? 1 : 0);
