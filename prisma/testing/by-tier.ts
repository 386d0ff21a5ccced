/**
 * Selects test data by tier: `ordinary` in `pnpm test`, `long` in `pnpm test:long`. A file `x.long.test.ts` imports `x.test.ts` to run the
 * same tests in the long tier.
 */
export const byTier = <T>(ordinary: T, long: T): T => (process.env['TEST_TIER'] === 'long' ? long : ordinary);
