import { buildWebApp, generateDatabaseClient } from './prepare.ts';

// `pnpm bench`: the measured servers need the same preparation as `pnpm start`.
await generateDatabaseClient();
await buildWebApp();
// By its address, so that the types which the benchmarks declare for their sessions do not reach this program.
await import(new URL('../bench/src/main.ts', import.meta.url).href);
