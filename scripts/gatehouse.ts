import { generateDatabaseClient } from './prepare.ts';

// `pnpm gatehouse …`: the command line, in a fresh clone as well.
await generateDatabaseClient();
await import('../apps/cli/src/main.ts');
