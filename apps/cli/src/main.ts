import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// The compile cache halves the start of a command. It is in node_modules, because in Node's default, the system's
// temporary folder, other users could plant code that this process would run.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'));

const { handleOutputErrors } = await import('./terminal/output-errors.ts');
handleOutputErrors();

const { run } = await import('./run.ts');
await run(process.argv.slice(2));
