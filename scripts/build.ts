import { buildWebApp, generateDatabaseClient } from './prepare.ts';

await generateDatabaseClient();
await buildWebApp();
