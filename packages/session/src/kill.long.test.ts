import { killSuite } from './test-support/kill-suite.ts';

/** Fifty in all; `pnpm faults` kills each of them fifty times. */
const KILLS = Number(process.env['FAULT_KILLS'] ?? 0);

killSuite((kills) => KILLS || kills);
