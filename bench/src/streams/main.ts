import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, type Database } from '@gatehouse/prisma';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { openEngine } from '@gatehouse/session';
import { gatehouse } from '../contenders.ts';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describeMachine } from '../report/machine.ts';
import { LIFETIMES } from '../scale/open-store.ts';
import { startServices, type Services } from '../services.ts';
import { writePage, type Figures } from './page.ts';
import { storeSessions } from './sessions.ts';
import { openStream, type IdleStream } from './stream.ts';

// `node bench/src/streams/main.ts [streams]`: what idle streams cost one server process, and how fast they hear of an end.
// Writes the first part of bench/STREAMS.md; the part "On the screen" stays.

const STREAMS = Number(process.argv[2] ?? 2000);
/** How long the idle process is measured. */
const IDLE_S = 20;
/** Sessions that another process ends, one after the other. */
const ENDED = 60;
/** Streams that are opened at the same time. */
const AT_ONCE = 20;

const MAIN = resolve(import.meta.dirname, '../../../apps/server/src/main.ts');

interface Target {
  readonly name: string;
  readonly engine: 'db' | 'redis' | 'cached_db';
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  /** Statements or commands that the storage has executed so far. */
  readonly executed?: (database: Database) => Promise<number>;
}

const services = await startServices();
try {
  const machine = await describeMachine(services);
  const loads: number[] = [];
  const all: Figures[] = [];
  for (const target of await targetsOf(services)) {
    const figures = await measure(target);
    console.log(figures);
    loads.push(loadavg()[0] ?? 0);
    all.push(figures);
  }
  const load = `Load average after each run: ${loads.map((one) => one.toFixed(1)).join(', ')}.`;
  writePage({ machine: [...machine, load], figures: all, streams: STREAMS, idleSeconds: IDLE_S, ended: ENDED });
} finally {
  await services.close();
}

async function targetsOf({ sqlite, redis, newDatabase, mariadb, postgresql }: Services): Promise<Target[]> {
  const targets: Target[] = [{ name: '`db`, SQLite', engine: 'db', databaseUrl: sqlite }];
  if (mariadb !== undefined) targets.push({ name: '`db`, MariaDB', engine: 'db', databaseUrl: mariadb });
  if (postgresql !== undefined)
    targets.push({ name: '`db`, PostgreSQL', engine: 'db', databaseUrl: postgresql, executed: postgresqlTransactions });
  if (!redis) return targets;
  const redisUrl = redis();
  targets.push({
    name: '`redis`',
    engine: 'redis',
    databaseUrl: await newDatabase('sqlite'),
    redisUrl,
    executed: () => redisCommands(redisUrl),
  });
  targets.push({ name: '`cached_db`, SQLite', engine: 'cached_db', databaseUrl: await newDatabase('sqlite'), redisUrl: redis() });
  if (postgresql !== undefined)
    targets.push({
      name: '`cached_db`, PostgreSQL',
      engine: 'cached_db',
      databaseUrl: await newDatabase('postgresql'),
      redisUrl: redis(),
      executed: postgresqlTransactions,
    });
  return targets;
}

async function measure({ name, engine: engineName, databaseUrl, redisUrl, executed }: Target): Promise<Figures> {
  const port = await freePort();
  const env = gatehouse({ name, engine: engineName, databaseUrl, redisUrl, dataFolder: services.folder }).env(port);
  // A busy machine must not end the run: the time limits of a server are not for the program that measures it.
  const database = await openDatabase(databaseUrl, { statementTimeoutMs: 30_000, acquireTimeoutMs: 30_000 });
  const engine = await openEngine(engineName, { database, lifetimes: LIFETIMES, redisUrl });
  const sessions = await storeSessions(STREAMS, { database, engine, secret: env['SESSION_SECRET'] ?? '' });
  const server = fork(MAIN, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const { pid } = server;
  if (pid === undefined) throw new Error('The server did not start.');
  await new Promise<void>((started, failed) => {
    server.stdout?.on('data', (text: Buffer) => String(text).includes('is ready') && started());
    server.once('exit', (code) => failed(new Error(`The server ended with ${code} before it was ready.`)));
  });
  try {
    const streams: IdleStream[] = [];
    // The first hundred compile the code and fill the caches.
    const open = async (until: number): Promise<void> => {
      while (streams.length < until)
        streams.push(
          ...(await Promise.all(
            sessions.slice(streams.length, Math.min(until, streams.length + AT_ONCE)).map((one) => openStream(port, one)),
          )),
        );
    };
    await open(Math.min(100, STREAMS));
    await pause(2000);
    const before = residentKib(pid);
    await open(STREAMS);
    await pause(3000);
    const kibPerStream = (residentKib(pid) - before) / Math.max(1, STREAMS - 100);

    const [cpu, commands] = [cpuMs(pid), await executed?.(database)];
    await pause(IDLE_S * 1000);
    const cpuPercent = (cpuMs(pid) - cpu) / (IDLE_S * 10);
    const commandsPerSecond = commands === undefined ? undefined : ((await executed?.(database)) ?? 0) - commands;

    const latencies: number[] = [];
    for (const stream of streams.slice(0, ENDED)) {
      const began = performance.now();
      await engine.destroy(stream.session.handle);
      latencies.push((await stream.ended) - began);
    }
    latencies.sort((one, other) => one - other);
    for (const stream of streams) stream.close();
    return {
      name,
      kibPerStream,
      cpuPercent,
      commandsPerSecond: commandsPerSecond === undefined ? undefined : commandsPerSecond / IDLE_S,
      medianMs: latencies[Math.floor(latencies.length / 2)] ?? NaN,
      maxMs: latencies.at(-1) ?? NaN,
    };
  } finally {
    if (server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
    await engine.close();
    await database.close();
  }
}

/** https://www.kernel.org/doc/html/latest/filesystems/proc.html */
function residentKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** User and system time; the kernel counts in hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A statement outside of a transaction is one. The statistics lag by up to a second. */
async function postgresqlTransactions({ prisma }: Database): Promise<number> {
  const rows = await prisma.$queryRaw<
    { done: unknown }[]
  >`SELECT xact_commit AS done FROM pg_stat_database WHERE datname = current_database()`;
  return Number(rows[0]?.done);
}

async function redisCommands(url: string): Promise<number> {
  const { createClient } = await import('redis');
  const client = createClient({ url });
  await client.connect();
  const text = await client.info('stats');
  await client.close();
  return Number(/total_commands_processed:(\d+)/.exec(text)?.[1]);
}
