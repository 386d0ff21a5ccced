import { openConnection } from '../load/connection.ts';
import type { RunningContender } from '../load/running-contender.ts';
import type { Table } from '../report/table.ts';

const READERS = 4;
const QUIET_MS = 3000;

/** Measures many concurrent sign-ins, and the reads of other users during them. */
export async function measureStorm(server: RunningContender, signIns: number): Promise<Table> {
  const reads = server.me(READERS).map((text) => Buffer.from(text));
  const quiet = await readWhile(server.port, reads, async () => {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  });
  const before = await server.process.usage();
  const [signIn = ''] = server.signIn(1);
  const statuses = new Map<number, number>();
  let longestMs = 0;
  const during = await readWhile(server.port, reads, async () => {
    const connections = await Promise.all(Array.from({ length: signIns }, () => openConnection(server.port)));
    const answers = await Promise.all(connections.map((connection) => connection.send(Buffer.from(signIn))));
    for (const { status, ms } of answers) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      longestMs = Math.max(longestMs, ms);
    }
    for (const connection of connections) connection.close();
  });
  const after = await server.process.usage();
  const answered = [...statuses].sort(([one], [other]) => one - other).map(([status, count]) => `${count} × ${status}`);
  return {
    head: ['', 'quiet', `${signIns} concurrent sign-ins`],
    lines: [
      ['`auth.me`, p50 ms', percentile(quiet, 0.5), percentile(during, 0.5)],
      ['`auth.me`, p99 ms', percentile(quiet, 0.99), percentile(during, 0.99)],
      ['reads', String(quiet.length), String(during.length)],
      ['sign-ins', '–', answered.join(', ')],
      ['longest sign-in, ms', '–', longestMs.toFixed(0)],
      ['peak memory, MiB', before.peakMiB.toFixed(0), after.peakMiB.toFixed(0)],
    ],
  };
}

/** Reads until the work is done, and returns the sorted durations. */
async function readWhile(port: number, reads: readonly Buffer[], work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  let done = false;
  const reading = reads.map(async (request) => {
    const connection = await openConnection(port);
    while (!done) {
      // oxlint-disable-next-line no-await-in-loop -- a reader waits for each response
      const { status, ms } = await connection.send(request);
      if (status !== 200) throw new Error(`A read was answered with ${status}.`);
      times.push(ms);
    }
    connection.close();
  });
  try {
    await work();
  } finally {
    done = true;
    await Promise.all(reading);
  }
  return times.sort((one, other) => one - other);
}

const percentile = (sorted: readonly number[], part: number): string => (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(2);
