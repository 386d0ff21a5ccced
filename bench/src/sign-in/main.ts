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

// `pnpm bench:sign-in`: what a stranger can tell from the time a refusal takes, and what a storm of sign-ins, or a flood of guesses from many
// addresses, does to others.

const PAGE = join(import.meta.dirname, '../../SIGN-IN.md');
const quick = process.argv.includes('--quick');

const services = await startServices();
try {
  const [contender] = contendersOf(services, undefined);
  if (!contender) throw new Error('There is no server to measure.');
  const server = await startContender(contender, 4);
  // The server opens its log, its caches and its first connections on the way.
  await measureStorm(server, 4);
  const storm = await measureStorm(server, quick ? 20 : 200);
  const flood = await measureFlood(server, { addresses: 200, forMs: quick ? 2000 : 15_000 });
  const enumeration = await measureEnumeration({ port: server.port, databaseUrl: services.sqlite, tries: quick ? 5 : 300 });
  await server.process.stop();
  console.log(
    `\nMany sign-ins at once\n\n${terminalTable(storm)}\n\nA flood\n\n${terminalTable(flood)}\n\nRefused sign-ins\n\n${terminalTable(enumeration)}`,
  );
  if (!quick) {
    writeFileSync(
      PAGE,
      [
        '# Signing in, measured',
        'Written by `pnpm bench:sign-in`. Gatehouse with `db` on SQLite, passwords hashed as in production.',
        ...(await describeMachine(services)),
        '## Many sign-ins at once',
        markdownTable(storm),
        '## 200 addresses that try passwords',
        'Each tries one after another, and again half a second after it was refused. Meanwhile the owner signs in on a device that signed in before, and others from addresses that have not been seen. The times are of sign-ins that were let through.',
        markdownTable(flood),
        '## Refused sign-ins',
        'By turns, in a shuffled order. A distance below the last column is what chance gives between lists that are alike (two samples, Kolmogorov and Smirnov, 1 in 100).',
        `${markdownTable(enumeration)}\n`,
      ].join('\n\n'),
    );
    console.log(`\nWritten to ${PAGE}.`);
  }
} finally {
  await services.close();
}
