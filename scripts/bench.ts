import { buildWebApp, generateDatabaseClient } from './prepare.ts';

// `pnpm bench`: the servers that are measured need what `pnpm start` needs.
await generateDatabaseClient();
await buildWebApp();
await import('../bench/src/main.ts');
