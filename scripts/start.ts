import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { buildWebApp, generateDatabaseClient } from './prepare.ts';

// Later starts need not strip types and compile again, which takes a third of the time until the server is ready.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'));

// `pnpm start`: generates and builds what is out of date, then runs the server in this process.
await generateDatabaseClient();
await buildWebApp();
await import('../apps/server/src/main.ts');
