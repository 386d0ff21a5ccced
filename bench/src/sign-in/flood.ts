import { setTimeout as pause } from 'node:timers/promises';
import { openConnection } from '../load/connection.ts';
import { requestText } from '../load/request-text.ts';
import type { RunningContender } from '../load/running-contender.ts';
import type { Table } from '../report/table.ts';
import { BENCH_USER } from '../services.ts';

const PATH = '/trpc/auth.login?batch=1';
const RIGHT = { '0': { identifier: BENCH_USER.username, password: BENCH_USER.password } };

/** Measures sign-ins on a known device and from new addresses while many other addresses try passwords. */
export async function measureFlood({ port }: RunningContender, { addresses, forMs }: { addresses: number; forMs: number }): Promise<Table> {
  const device = await deviceCookie(port);
  const quiet = await signIns(port, device, 3000);
  const stop = new AbortController();
  const guessing = Array.from({ length: addresses }, (_, number) => guess(port, number, stop.signal));
  // Wait until the first attempts of all addresses have been checked or refused.
  await pause(forMs);
  const during = await signIns(port, device, forMs);
  stop.abort();
  const guesses = (await Promise.all(guessing)).reduce((sum, { checked }) => sum + checked, 0);
  const row = (name: string, pick: 'known' | 'fresh'): string[] => [name, summarize(quiet[pick]), summarize(during[pick])];
  return {
    head: ['p50 / maximum ms of accepted sign-ins', 'quiet', `${addresses} addresses try passwords`],
    lines: [
      row('known device', 'known'),
      row('new address', 'fresh'),
      ['guesses checked per second', '–', (guesses / ((forMs * 2) / 1000)).toFixed(0)],
    ],
  };
}

interface Outcome {
  readonly status: number;
  readonly ms: number;
}

/** Two users sign in repeatedly, each after the response to the last attempt. */
async function signIns(port: number, device: string, forMs: number): Promise<{ known: Outcome[]; fresh: Outcome[] }> {
  const until = performance.now() + forMs;
  async function repeat(attempt: (turn: number) => Promise<Outcome>): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (let turn = 0; performance.now() < until; turn += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time
      outcomes.push(await attempt(turn));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(100);
    }
    return outcomes;
  }
  const network = Math.floor(Math.random() * 250);
  const [known, fresh] = await Promise.all([
    repeat(() => once(port, '127.0.0.1', { cookie: device })),
    repeat((turn) => once(port, `127.9.${network}.${(turn % 250) + 1}`, {})),
  ]);
  return { known, fresh };
}

async function once(port: number, from: string, headers: Record<string, string>): Promise<Outcome> {
  const connection = await openConnection(port, { from });
  const answer = await connection.send(Buffer.from(requestText({ method: 'POST', path: PATH, headers, body: RIGHT }, port)));
  connection.close();
  return answer;
}

/** One address tries passwords of different accounts, so that only the limit of the address applies. */
async function guess(port: number, number: number, signal: AbortSignal): Promise<{ checked: number }> {
  const connection = await openConnection(port, { from: `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}` });
  let checked = 0;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const body = { '0': { identifier: `person-${number}-${attempt}`, password: 'quite another battery' } };
    // oxlint-disable-next-line no-await-in-loop -- an address waits for each response
    const { status } = await connection.send(Buffer.from(requestText({ method: 'POST', path: PATH, body }, port)));
    if (status === 401) checked += 1;
    // oxlint-disable-next-line no-await-in-loop -- as above
    else await pause(500);
  }
  connection.close();
  return { checked };
}

async function deviceCookie(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest' },
    body: JSON.stringify(RIGHT),
  });
  await response.text();
  const cookie = response.headers.getSetCookie().find((header) => header.includes('deviceid='));
  if (cookie === undefined) throw new Error('The sign-in set no device cookie.');
  return cookie.split(';', 1)[0] ?? '';
}

function summarize(outcomes: readonly Outcome[]): string {
  const accepted = outcomes
    .filter(({ status }) => status === 200)
    .map(({ ms }) => ms)
    .toSorted((one, other) => one - other);
  const times =
    accepted.length === 0 ? '–' : `${(accepted[Math.floor(accepted.length / 2)] ?? 0).toFixed(0)} / ${(accepted.at(-1) ?? 0).toFixed(0)}`;
  return `${times} (${accepted.length} of ${outcomes.length})`;
}
