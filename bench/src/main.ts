import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSIC, contendersOf } from './contenders.ts';
import { startLoad } from './load/load.ts';
import { runRounds, type Round } from './load/rounds.ts';
import { startContender, type RunningContender } from './load/running-contender.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { describeMachine } from './report/machine.ts';
import { resultsPage, type Section } from './report/results-page.ts';
import { roundsTable } from './report/rounds-table.ts';
import { scaleTable } from './report/scale-table.ts';
import { terminalTable } from './report/table.ts';
import { measureScale, type Operation, type ScaleResult } from './scale/scale.ts';
import { startServices } from './services.ts';

// `pnpm bench`: the cost of a request, and of managing sessions among many stored ones.

const OPERATIONS = { list: 'listDevices', count: 'count', 'revoke-all': 'revokeAll', purge: 'purge' } as const;

const options = readOptionsOrExit();
const services = await startServices();
const load = startLoad();
const running: RunningContender[] = [];
try {
  const contenders = contendersOf(services, options.before).filter(({ name }) => options.contenders.test(name));
  const machine = await describeMachine(services);
  const sections: Section[] = [];
  const show = (section: Section): void => {
    sections.push(section);
    console.log(`\n${section.title}\n\n${terminalTable(section.table)}`);
  };

  if (options.only.includes('me') || options.only.includes('sign-in')) {
    for (const contender of contenders) running.push(await startContender(contender, options.connections, options.profileInto));
    const many = `${options.rounds} rounds of ${options.durationMs / 1000} s, ${options.connections} connections; medians; ratios with minimum and maximum.`;
    if (options.only.includes('me')) show({ title: '`auth.me`', text: many, table: roundsTable(await rounds('me'), CLASSIC) });
    if (options.only.includes('sign-in')) show({ title: 'Sign-in', text: many, table: roundsTable(await rounds('signIn'), CLASSIC) });
    for (const { process: server } of running.splice(0)) await server.stop();
  }

  const operations = (Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])
    .filter((name) => options.only.includes(name))
    .map((name): Operation => OPERATIONS[name]);
  const scale: ScaleResult[] = [];
  if (operations.length > 0) {
    for (const stored of options.sizes)
      scale.push(...(await measureScale({ ...options, services, load, stored, operations, say: (line) => console.log(line) })));
    show({
      title: 'Many sessions',
      text: 'A tenth of the stored sessions has expired. Each user has ten live sessions. classic has to read all sessions to find those of a user.',
      table: scaleTable(scale),
    });
  }

  if (options.output !== undefined) {
    const before = existsSync(options.output) ? readFileSync(options.output, 'utf8') : '';
    writeFileSync(options.output, resultsPage({ command: 'pnpm bench', machine, contenders, sections }, before));
    console.log(`\nWritten to ${options.output}.`);
  }
} finally {
  for (const { process: server } of running) await server.stop();
  load.stop();
  await services.close();
}

function rounds(what: 'me' | 'signIn'): Promise<Round[]> {
  const { connections } = options;
  return runRounds({
    ...options,
    running: running.filter(({ contender }) => what === 'me' || contender.measuresSignIn),
    requests: (one) => one[what](connections),
    load,
    services,
  });
}

function readOptionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2), join(import.meta.dirname, '../RESULTS.md'));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}
