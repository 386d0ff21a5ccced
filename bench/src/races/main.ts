import type { Candidate, Missing } from './candidate.ts';
import { classicOnRedis } from './classic.ts';
import { gatehouseOnSqlite } from './gatehouse.ts';
import { startRaceServer } from './race-server.ts';
import { RACES } from './races.ts';

// `pnpm races`: race conditions between requests of one session, over HTTP, with Gatehouse and with a common set-up.

async function column(candidate: Candidate | Missing): Promise<string[]> {
  if ('missing' in candidate) return RACES.map(() => 'not run');
  const server = await startRaceServer(candidate);
  const cells: string[] = [];
  for (const race of RACES) {
    const { broken, of } = await race.run(server.url);
    cells.push(`${broken} of ${of}`);
  }
  await server.close();
  await candidate.close();
  return cells;
}

const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
const candidates = [await gatehouseOnSqlite(), await classicOnRedis(redisUrl)];
const columns: string[][] = [];
for (const candidate of candidates) columns.push(await column(candidate));

const rows = [
  ['', ...candidates.map(({ name }) => name)],
  ...RACES.map(({ title }, index) => [title, ...columns.map((cells) => cells[index] ?? '')]),
];
const widths = rows[0]?.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0))) ?? [];
for (const row of rows)
  console.log(row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('   '));
for (const candidate of candidates) if ('missing' in candidate) console.log(`\n${candidate.name} was not run: ${candidate.missing}.`);

process.exit(columns[0]?.every((cell) => cell.startsWith('0 ')) ? 0 : 1);
