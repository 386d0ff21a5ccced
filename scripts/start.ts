import { buildWebApp, generateDatabaseClient } from './prepare.ts';

// `pnpm start`: generates and builds what is out of date, then runs the server in this process.
await generateDatabaseClient();
await buildWebApp();
await import('../apps/server/src/main.ts');
