import { buildWebApp, generateDatabaseClient } from './prepare.ts';

// `pnpm start`: what a start needs and is not up to date, then the server itself.
await generateDatabaseClient();
await buildWebApp();
await import('../apps/server/src/main.ts');
