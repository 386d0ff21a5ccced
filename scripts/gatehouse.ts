import { generateDatabaseClient } from './prepare.ts';

// `pnpm gatehouse …`: the command line. Works in a fresh clone too.
await generateDatabaseClient();
await import('../apps/cli/src/main.ts');
