import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Figures {
  readonly name: string;
  readonly kibPerStream: number;
  readonly cpuPercent: number;
  readonly commandsPerSecond: number | undefined;
  readonly medianMs: number;
  readonly maxMs: number;
}

interface Page {
  readonly machine: readonly string[];
  readonly figures: readonly Figures[];
  readonly streams: number;
  readonly idleSeconds: number;
  readonly ended: number;
}

const FILE = join(import.meta.dirname, '../../STREAMS.md');
/** From here on the page is written by hand. */
const BY_HAND = '\n## On the screen\n';

export function writePage({ machine, figures, streams, idleSeconds, ended }: Page): void {
  const [, byHand = ''] = readFileSync(FILE, 'utf8').split(BY_HAND);
  const rows = figures.map(
    ({ name, kibPerStream, cpuPercent, commandsPerSecond, medianMs, maxMs }) =>
      `| ${name} | ${kibPerStream.toFixed(1)} | ${cpuPercent.toFixed(1)} | ${commandsPerSecond?.toFixed(0) ?? '–'} | ${medianMs.toFixed(0)} | ${maxMs.toFixed(0)} |`,
  );
  const text = `# Idle streams

Written by \`node bench/src/streams/main.ts\`: ${streams} open streams of \`auth.changes\` on one server process, each of another session of
another user, and nothing else.

${machine.join('\n\n')}

|  | memory per stream, KiB | CPU while idle, % of one core | statements or commands per second | an end is heard after, median ms | at most, ms |
| --- | --: | --: | --: | --: | --: |
${rows.join('\n')}

## Method

- **Memory:** resident memory of the server (\`VmRSS\`) 3 s after the last stream was opened, minus that with the first 100 streams, divided
  by the streams in between. Garbage that is not collected yet counts, too.
- **CPU:** user and system time of the server (\`/proc/<pid>/stat\`) in ${idleSeconds} s. It includes a ping to each stream every 15 s.
- **Statements, commands:** PostgreSQL's \`xact_commit\` and Redis' \`total_commands_processed\` in the same ${idleSeconds} s. SQLite and
  MariaDB are asked about all watched sessions together, with two statements for 500 sessions: every 250 ms, or, as here, every 500 ms if
  the answers take long. PostgreSQL and Redis tell of
  changes, and each session is checked every 10 s nevertheless; a heartbeat each second shows that nothing is lost. The commands within
  scripts of Redis count, too.
- **An end:** another process ends ${ended} sessions, one after the other. The time is from the call of \`destroy\` until the client of the stream has
  the event.
`;
  writeFileSync(FILE, byHand === '' ? text : text + BY_HAND + byHand);
}
