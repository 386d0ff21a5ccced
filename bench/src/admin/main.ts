/**
 * How long the queries of the administrators' pages take with a million accounts and a million audit entries, on each database.
 *
 *     node bench/src/admin/main.ts [--users 1000000] [--events 1000000] [--only sqlite|mysql|postgresql]
 *     node bench/src/admin/main.ts --url file:/tmp/seeded.db    # measures a database that is seeded already, and keeps it
 *
 * Creates scratch databases and removes them. See bench/ADMIN.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAccounts } from '@gatehouse/accounts';
import { migrate, openDatabase } from '@gatehouse/prisma';
import { MARIADB, POSTGRESQL, SQLITE, type TestDatabase } from '@gatehouse/prisma/test-databases';
import { openEngine } from '@gatehouse/session';
import { queries } from './queries.ts';
import { seed } from './seed.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '1000000' },
    sessions: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '15' },
    only: { type: 'string' },
    // The beginning of the names of the queries, such as "users".
    match: { type: 'string', default: '' },
    url: { type: 'string' },
  },
});
const counts = { users: Number(values.users), events: Number(values.events), sessions: Number(values.sessions) };
const rounds = Number(values.rounds);
const LIFETIMES = {
  ageMs: 14 * 86_400_000,
  absoluteAgeMs: 30 * 86_400_000,
  sliding: true,
  activityIntervalMs: 60_000,
  expireAtBrowserClose: false,
};

if (values.url === undefined) {
  for (const on of [SQLITE, MARIADB, POSTGRESQL]) {
    // oxlint-disable-next-line no-await-in-loop -- one database at a time, so that they do not slow each other down
    if (on.available && (values.only ?? on.provider) === on.provider) await seedAndMeasure(on);
  }
} else await measure(values.url);

async function seedAndMeasure(on: TestDatabase): Promise<void> {
  const folder = await mkdtemp(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'gatehouse-admin-'));
  const { url, drop } =
    on.provider === 'sqlite' ? { url: `file:${join(folder, 'bench.db')}`, drop: async () => undefined } : await on.create();
  try {
    const database = await openDatabase(url);
    await migrate(database);
    const begin = performance.now();
    await seed(database, counts, Date.now());
    await database.close();
    console.log(`\n## ${on.name} ${on.version}\n\nSeeded in ${((performance.now() - begin) / 1000).toFixed(0)} s.\n`);
    await measure(url);
  } finally {
    await drop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(url: string): Promise<void> {
  // A slow query is reported with its time, not stopped.
  const database = await openDatabase(url, { statementTimeoutMs: 30_000 });
  const accounts = createAccounts({ database });
  const engine = await openEngine('db', { database, lifetimes: LIFETIMES });
  console.log('| query | median ms | slowest ms |\n|---|---:|---:|');
  for (const [name, prepare] of queries({ accounts, engine, nowMs: Date.now(), ...counts })) {
    // oxlint-disable-next-line no-await-in-loop
    if (name.startsWith(values.match)) console.log(await timed(name, await prepare()));
  }
  await engine.close();
  await database.close();
}

/** The first run warms caches and is not counted, because a page that nobody has opened for hours is not what the limit is about. */
async function timed(name: string, query: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const begin = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      await query();
      if (round > 0) times.push(performance.now() - begin);
    }
  } catch (error) {
    return `| ${name} | failed | ${error instanceof Error ? error.message.split('\n').at(-1) : String(error)} |`;
  }
  const sorted = times.toSorted((one, other) => one - other);
  const ms = (value: number | undefined): string => (value ?? 0).toFixed(1);
  return `| ${name} | ${ms(sorted[Math.floor(sorted.length / 2)])} | ${ms(sorted.at(-1))} |`;
}
