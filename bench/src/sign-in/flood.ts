import { setTimeout as pause } from 'node:timers/promises';
import { openConnection } from '../load/connection.ts';
import { requestText } from '../load/request-text.ts';
import type { RunningContender } from '../load/running-contender.ts';
import type { Table } from '../report/table.ts';
import { BENCH_USER } from '../services.ts';

const PATH = '/trpc/auth.login?batch=1';
const RIGHT = { '0': { identifier: BENCH_USER.username, password: BENCH_USER.password } };

/** What becomes of two people's sign-ins while many addresses try passwords: one on a known device, one from an address that is new. */
export async function measureFlood({ port }: RunningContender, { addresses, forMs }: { addresses: number; forMs: number }): Promise<Table> {
  const device = await deviceCookie(port);
  const quiet = await signIns(port, device, 3000);
  const stop = new AbortController();
  const guessing = Array.from({ length: addresses }, (_, number) => guess(port, number, stop.signal));
  // Until the first attempts of all of them have been looked at, or refused often enough.
  await pause(forMs);
  const during = await signIns(port, device, forMs);
  stop.abort();
  const guesses = (await Promise.all(guessing)).reduce((sum, { looked }) => sum + looked, 0);
  const row = (name: string, pick: 'known' | 'fresh'): string[] => [name, told(quiet[pick]), told(during[pick])];
  return {
    head: ['p50 / longest ms, let through', 'quiet', `${addresses} addresses try passwords`],
    lines: [
      row('known device', 'known'),
      row('new address', 'fresh'),
      ['guesses looked at a second', '–', (guesses / ((forMs * 2) / 1000)).toFixed(0)],
    ],
  };
}

interface Seen {
  readonly status: number;
  readonly ms: number;
}

/** Two people who come again and again, each after their last answer. */
async function signIns(port: number, device: string, forMs: number): Promise<{ known: Seen[]; fresh: Seen[] }> {
  const until = performance.now() + forMs;
  async function again(ask: (turn: number) => Promise<Seen>): Promise<Seen[]> {
    const seen: Seen[] = [];
    for (let turn = 0; performance.now() < until; turn += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time
      seen.push(await ask(turn));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(100);
    }
    return seen;
  }
  const network = Math.floor(Math.random() * 250);
  const [known, fresh] = await Promise.all([
    again(() => once(port, '127.0.0.1', { cookie: device })),
    again((turn) => once(port, `127.9.${network}.${(turn % 250) + 1}`, {})),
  ]);
  return { known, fresh };
}

async function once(port: number, from: string, headers: Record<string, string>): Promise<Seen> {
  const connection = await openConnection(port, { from });
  const answer = await connection.send(Buffer.from(requestText({ method: 'POST', path: PATH, headers, body: RIGHT }, port)));
  connection.close();
  return answer;
}

/** One address that tries passwords for as long as it may; of different accounts, so that no account's limit ends it. */
async function guess(port: number, number: number, signal: AbortSignal): Promise<{ looked: number }> {
  const connection = await openConnection(port, { from: `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}` });
  let looked = 0;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const body = { '0': { identifier: `person-${number}-${attempt}`, password: 'quite another battery' } };
    // oxlint-disable-next-line no-await-in-loop -- an address waits for its answer
    const { status } = await connection.send(Buffer.from(requestText({ method: 'POST', path: PATH, body }, port)));
    if (status === 401) looked += 1;
    // oxlint-disable-next-line no-await-in-loop -- as above
    else await pause(500);
  }
  connection.close();
  return { looked };
}

async function deviceCookie(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest' },
    body: JSON.stringify(RIGHT),
  });
  await response.text();
  const cookie = response.headers.getSetCookie().find((header) => header.includes('deviceid='));
  if (cookie === undefined) throw new Error('Signing in gave no device cookie.');
  return cookie.split(';', 1)[0] ?? '';
}

function told(seen: readonly Seen[]): string {
  const passed = seen
    .filter(({ status }) => status === 200)
    .map(({ ms }) => ms)
    .toSorted((one, other) => one - other);
  const times =
    passed.length === 0 ? '–' : `${(passed[Math.floor(passed.length / 2)] ?? 0).toFixed(0)} / ${(passed.at(-1) ?? 0).toFixed(0)}`;
  return `${times} (${passed.length} of ${seen.length})`;
}
