import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLASSIC, contendersOf } from './contenders.ts';
import { measureContention } from './contention/contention.ts';
import { startLoad } from './load/load.ts';
import { runRounds, type Round } from './load/rounds.ts';
import { startContender, type RunningContender } from './load/running-contender.ts';
import { measureMemory } from './memory/memory.ts';
import { readOptions, USAGE, type Options } from './options.ts';
import { contentionTable } from './report/contention-table.ts';
import { describeMachine } from './report/machine.ts';
import { memoryTable } from './report/memory-table.ts';
import { resultsPage, type Section } from './report/results-page.ts';
import { roundsTable } from './report/rounds-table.ts';
import { scaleTable } from './report/scale-table.ts';
import { startTable } from './report/start-table.ts';
import { terminalTable } from './report/table.ts';
import { measureScale, type Operation, type ScaleResult } from './scale/scale.ts';
import { startServices } from './services.ts';
import { measureStarts } from './start/start.ts';

// `pnpm bench`: the cost of a request, of requests that share a session, of managing sessions among many stored ones, of a
// start, and of memory.

const OPERATIONS = { list: 'listDevices', count: 'count', 'revoke-all': 'revokeAll', purge: 'purge' } as const;

/** Of the starts per contender, for `memory`: its figures vary less. */
const MEMORY_STARTS = 2;

const began = performance.now();
const options = readOptionsOrExit();
const services = await startServices();
const load = startLoad();
const running: RunningContender[] = [];
try {
  const contenders = contendersOf(services, options.before).filter(({ name }) => options.contenders.test(name));
  const machine = await describeMachine(services);
  const sections: Section[] = [];
  const say = (line: string): void => console.log(line);
  const show = (section: Section): void => {
    sections.push(section);
    console.log(`\n${section.title}\n\n${terminalTable(section.table)}`);
  };

  if (options.only.includes('me') || options.only.includes('sign-in')) {
    const results: Record<'me' | 'signIn', Round[]> = { me: [], signIn: [] };
    // Processes of the same server differ: the compiler and the garbage collector make other decisions in each.
    for (let start = 1; start <= options.starts; start += 1) {
      for (const contender of contenders) running.push(await startContender(contender, options.connections, options.profileInto));
      if (options.only.includes('me')) results.me.push(...(await rounds('me', start)));
      if (options.only.includes('sign-in')) results.signIn.push(...(await rounds('signIn', start)));
      for (const { process: server } of running.splice(0)) await server.stop();
    }
    const many = `${options.starts} starts of each server, ${options.rounds} rounds of ${options.durationMs / 1000} s after each, ${options.connections} connections; medians; ratios with minimum and maximum.`;
    if (options.only.includes('me')) show({ title: '`auth.me`', text: many, table: roundsTable(results.me, CLASSIC) });
    if (options.only.includes('sign-in')) show({ title: 'Sign-in', text: many, table: roundsTable(results.signIn, CLASSIC) });
  }

  if (options.only.includes('contention')) {
    // The bursts are half as long, because there are two of them.
    const durationMs = options.durationMs / 2;
    const count = options.rounds * options.starts;
    const { reads, writes } = await measureContention({ ...options, rounds: count, durationMs, services, load });
    const text = `The session layer of each in the same small Express app. All ${options.connections} connections use one session. ${count} rounds of ${durationMs / 1000} s; medians; ratios with minimum and maximum.`;
    show({ title: 'One session: reads', text, table: contentionTable(reads, CLASSIC) });
    show({
      title: 'One session: one write in ten requests',
      text: `${text} Every tenth request of a connection adds one to a counter in the session. An increment is lost if its request was answered with 200, but the counter does not have it.`,
      table: contentionTable(writes, CLASSIC),
    });
  }

  const operations = (Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])
    .filter((name) => options.only.includes(name))
    .map((name): Operation => OPERATIONS[name]);
  const scale: ScaleResult[] = [];
  if (operations.length > 0) {
    for (const stored of options.sizes) scale.push(...(await measureScale({ ...options, services, load, stored, operations, say })));
    show({
      title: 'Many sessions',
      text: 'A tenth of the stored sessions has expired. Each user has ten live sessions. classic has to read all sessions to find those of a user.',
      table: scaleTable(scale),
    });
  }

  if (options.only.includes('start')) {
    const starts = await measureStarts({ ...options, contenders, folder: services.folder, say });
    show({
      title: 'Start',
      text: `${options.starts} starts with a warm compile cache, from the start of the process until the server is ready; medians; ratios with minimum and maximum.`,
      table: startTable(starts, CLASSIC),
    });
  }

  if (options.only.includes('memory')) {
    const samples = await measureMemory({ ...options, contenders, load, starts: Math.min(MEMORY_STARTS, options.starts), say });
    show({
      title: 'Memory',
      text: `Resident memory of the server's process, after one request (at rest) and after one \`auth.me\` with each of ${options.inUse} sessions (in use), both after a garbage collection, and the peak. Medians of ${Math.min(MEMORY_STARTS, options.starts)} starts; ratios with minimum and maximum.`,
      table: memoryTable(samples, CLASSIC),
    });
  }

  const seconds = Math.round((performance.now() - began) / 1000);
  const took = `The run took ${Math.floor(seconds / 60)} min ${seconds % 60} s.`;
  if (options.output !== undefined) {
    const before = existsSync(options.output) ? readFileSync(options.output, 'utf8') : '';
    writeFileSync(
      options.output,
      resultsPage(
        { command: ['pnpm bench', ...withoutOutput(process.argv.slice(2))].join(' '), machine: [...machine, took], contenders, sections },
        before,
      ),
    );
    console.log(`\nWritten to ${options.output}.`);
  }
  console.log(`\n${took}`);
} finally {
  for (const { process: server } of running) await server.stop();
  load.stop();
  await services.close();
}

function rounds(what: 'me' | 'signIn', start: number): Promise<Round[]> {
  const { connections } = options;
  return runRounds({
    ...options,
    first: (start - 1) * options.rounds + 1,
    seed: options.seed + start,
    // Long enough for the JIT compiler. A sign-in mostly hashes a password.
    warmUp: what === 'me' ? 4 : 1,
    running: running.filter(({ contender }) => what === 'me' || contender.measuresSignIn),
    requests: (one) => one[what](connections),
    load,
    services,
  });
}

/** The arguments without the file for the results. */
function withoutOutput(args: readonly string[]): string[] {
  return args.filter((arg, index) => arg !== '--' && !arg.startsWith('--output') && args[index - 1] !== '--output');
}

function readOptionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2), join(import.meta.dirname, '../RESULTS.md'));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}
