import { buildWebApp, generateDatabaseClient } from './prepare.ts';

// `pnpm bench`: the measured servers need the same preparation as `pnpm start`.
await generateDatabaseClient();
await buildWebApp();
await import('../bench/src/main.ts');
