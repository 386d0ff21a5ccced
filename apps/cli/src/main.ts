import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Types are stripped and code is compiled once, not for each command: it halves the start. In node_modules and not
// in the system's temporary folder, which is Node's default and where other users could leave code for this one to run.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'));

const { handleOutputErrors } = await import('./terminal/output-errors.ts');
handleOutputErrors();

const { run } = await import('./run.ts');
await run(process.argv.slice(2));
