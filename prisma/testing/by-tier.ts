/**
 * What a test takes in the tier that runs it: a little in `pnpm test`, all of it in `pnpm test:long`. A file `x.long.test.ts` beside
 * `x.test.ts` imports it, and so runs the same tests there.
 */
export const byTier = <T>(ordinary: T, long: T): T => (process.env['TEST_TIER'] === 'long' ? long : ordinary);
