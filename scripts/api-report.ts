import { parseArgs } from 'node:util';
import { outdatedReports, readApi, writeReports } from './packages/api-reports.ts';
import { buildPackages } from './packages/build.ts';

// `pnpm api:report`: everything that apps can import from the published packages, written to api-reports, where a review sees a change of it.
// --check writes nothing and fails if a report is outdated. --built takes what is in the `dist` of each package.
const { values } = parseArgs({ options: { check: { type: 'boolean' }, built: { type: 'boolean' } } });
if (!values.built) await buildPackages();
const api = readApi();
const outdated = outdatedReports(api);
if (values.check && outdated.length > 0) {
  console.error(
    `The API of the packages is not what api-reports says: ${outdated.join(', ')}. Run \`pnpm api:report\`, and commit the changes if they are intended.`,
  );
  process.exitCode = 1;
} else {
  writeReports(api);
  console.log(outdated.length === 0 ? `${api.size} reports are up to date.` : `Wrote ${outdated.join(', ')}.`);
}
