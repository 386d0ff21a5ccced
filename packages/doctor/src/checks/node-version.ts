import { ok, warning, type Check } from '../check.ts';

/** End of support: https://github.com/nodejs/Release/blob/main/schedule.json */
const SUPPORTED_UNTIL: ReadonlyMap<number, string> = new Map([
  [22, '2027-04-30'],
  [24, '2028-04-30'],
]);
const NEWEST = 24;

/** Warns if the Node version is no longer supported. `pnpm start` installs a supported one. */
export const nodeVersion: Check = {
  id: 'node-version',
  needs: [],
  judge({ nodeVersion: version, now }) {
    const major = Number.parseInt(version, 10);
    const until = SUPPORTED_UNTIL.get(major);
    if (until === undefined && major > NEWEST) return ok(`Node ${version}, which is newer than this check knows.`);
    if (until !== undefined && now < Date.parse(until)) return ok(`Node ${version}, which is supported until ${until}.`);
    return warning(`Node ${version} is no longer supported: it gets no security fixes.`, `Use Node ${NEWEST}; pnpm start installs it.`);
  },
};
