import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contendersOf } from '../contenders.ts';
import { startContender } from '../load/running-contender.ts';
import { describeMachine } from '../report/machine.ts';
import { markdownTable, terminalTable } from '../report/table.ts';
import { startServices } from '../services.ts';
import { measureEnumeration } from './enumeration.ts';
import { measureFlood } from './flood.ts';
import { measureStorm } from './storm.ts';

// `pnpm bench:sign-in`: what the duration of a refusal reveals, and how many concurrent sign-ins or a flood of guesses affect other users.

const PAGE = join(import.meta.dirname, '../../SIGN-IN.md');
const quick = process.argv.includes('--quick');

const services = await startServices();
try {
  const [contender] = contendersOf(services, undefined);
  if (!contender) throw new Error('There is no server to measure.');
  const server = await startContender(contender, 4);
  // Warm-up: fills caches and opens connections.
  await measureStorm(server, 4);
  const storm = await measureStorm(server, quick ? 20 : 200);
  const flood = await measureFlood(server, { addresses: 200, forMs: quick ? 2000 : 15_000 });
  const enumeration = await measureEnumeration({ port: server.port, databaseUrl: services.sqlite, tries: quick ? 5 : 300 });
  await server.process.stop();
  console.log(
    `\nConcurrent sign-ins\n\n${terminalTable(storm)}\n\nPassword guesses\n\n${terminalTable(flood)}\n\nRefused sign-ins\n\n${terminalTable(enumeration)}`,
  );
  if (!quick) {
    writeFileSync(
      PAGE,
      [
        '# Benchmarks of signing in',
        'Written by `pnpm bench:sign-in`. Gatehouse with `db` on SQLite, with the password hashing of production.',
        ...(await describeMachine(services)),
        '## Concurrent sign-ins',
        markdownTable(storm),
        '## Password guesses from 200 addresses',
        'Each address tries one password after another, and waits half a second after each refusal. Meanwhile, users sign in on a known device and from new addresses. The times are those of accepted sign-ins.',
        markdownTable(flood),
        '## Refused sign-ins',
        'In random order. Each distribution of times is compared with that of “wrong password” (two-sample Kolmogorov–Smirnov test). At a distance up to the last column, the two cannot be told apart (significance level 1%).',
        `${markdownTable(enumeration)}\n`,
      ].join('\n\n'),
    );
    console.log(`\nWritten to ${PAGE}.`);
  }
} finally {
  await services.close();
}
