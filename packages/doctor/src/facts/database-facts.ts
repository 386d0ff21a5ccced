import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database, MigrationStatus, PoolerFacts } from '@gatehouse/prisma';
import type { Settings } from '@gatehouse/settings';
import { ask, type Answer } from './answer.ts';
import type { ClockReading } from './clock-reading.ts';
import { readReplication, type Replication } from './replication.ts';

export interface DatabaseFacts {
  /** As the database reports it. */
  readonly version: Answer<string>;
  readonly migrations: Answer<MigrationStatus>;
  /** undefined for SQLite, which uses the clock of this machine. */
  readonly clock: Answer<ClockReading> | undefined;
  /** undefined if the connection does not use a pooler. */
  readonly pooler: PoolerFacts | undefined;
  /** undefined for SQLite. */
  readonly replication: Answer<Replication> | undefined;
  /** Number of stored sessions that expired more than a day ago, up to `EXPIRED_LIMIT`; undefined if not counted. */
  readonly expired: Answer<number> | undefined;
  /** The result of SQLite's integrity check, `ok` if the file is intact; undefined if not checked. */
  readonly integrity: Answer<string> | undefined;
}

export type DatabaseState =
  | { readonly status: 'open'; readonly facts: DatabaseFacts }
  /** The SQLite file does not exist yet. `unwritable`: the path that keeps this user from creating it. */
  | { readonly status: 'absent'; readonly file: string; readonly unwritable?: string | undefined }
  | { readonly status: 'unreachable'; readonly problem: string };

/** Counting stops here; a higher number adds no information. */
export const EXPIRED_LIMIT = 1000;

const DAY_MS = 24 * 60 * 60 * 1000;

/** SQLite's check blocks the process, for about a second with a file of this size. */
const INTEGRITY_LIMIT_BYTES = 512 * 1024 * 1024;

interface DatabaseQuestions {
  readonly thorough: boolean;
  readonly now: () => number;
}

export async function gatherDatabase(
  settings: Settings,
  { open, ...questions }: DatabaseQuestions & { readonly open: (() => Promise<Database>) | undefined },
): Promise<DatabaseState> {
  // Opening a SQLite database would create its file.
  if (settings.database.provider === 'sqlite' && !existsSync(settings.database.file))
    return { status: 'absent', file: settings.database.file, unwritable: unwritableParent(settings.database.file) };
  const opened = await ask(
    open ?? (async () => (await import('@gatehouse/prisma')).openDatabase(settings.database.url)),
    OPENING_TIMEOUT_MS,
  );
  if (!opened.ok) return { status: 'unreachable', problem: opened.problem };
  try {
    return { status: 'open', facts: await databaseFacts(opened.value, settings, questions) };
  } finally {
    if (!open) await ask(() => opened.value.close());
  }
}

/** The nearest parent that exists, if this user cannot create files or folders in it. */
function unwritableParent(file: string): string | undefined {
  let parent = dirname(file);
  while (!existsSync(parent) && parent !== dirname(parent)) parent = dirname(parent);
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
    return statSync(parent).isDirectory() ? undefined : parent;
  } catch {
    return parent;
  }
}

/** Longer than the timeouts of `openDatabase`, whose error says more. */
const OPENING_TIMEOUT_MS = 3000;

async function databaseFacts(database: Database, settings: Settings, { thorough, now }: DatabaseQuestions): Promise<DatabaseFacts> {
  const { prisma, provider } = database;
  const isSqlite = settings.database.provider === 'sqlite';
  // Query the version first, so that reading the clock does not include opening a connection.
  const version = await ask(() => readVersion(database));
  const [migrations, clock, replication, expired, integrity] = await Promise.all([
    // Imported on use, for apps that open no database.
    ask(async () => (await import('@gatehouse/prisma')).migrationStatus(database)),
    isSqlite ? undefined : ask(() => readClock(database, now)),
    isSqlite ? undefined : ask(() => readReplication(database)),
    thorough && settings.session.engine !== 'redis'
      ? ask(async () => prisma.session.count({ where: { expiresAt: { lt: new Date(now() - DAY_MS) } }, take: EXPIRED_LIMIT }))
      : undefined,
    thorough && provider === 'sqlite' && isSmall(settings) ? ask(async () => readIntegrity(database)) : undefined,
  ]);
  return { version, migrations, clock, pooler: database.pooler, replication, expired, integrity };
}

const isSmall = ({ database }: Settings): boolean =>
  database.provider === 'sqlite' && (statSync(database.file, { throwIfNoEntry: false })?.size ?? 0) <= INTEGRITY_LIMIT_BYTES;

async function readVersion({ prisma, provider }: Database): Promise<string> {
  const [row] = await (provider === 'sqlite'
    ? prisma.$queryRaw<{ version: string }[]>`SELECT sqlite_version() AS version`
    : prisma.$queryRaw<{ version: string }[]>`SELECT version() AS version`);
  return row?.version ?? '';
}

async function readClock({ prisma, provider }: Database, now: () => number): Promise<ClockReading> {
  const askedAtMs = now();
  const [row] = await (provider === 'mysql'
    ? prisma.$queryRaw<{ ms: string }[]>`SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS CHAR) AS ms`
    : prisma.$queryRaw<{ ms: string }[]>`SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS TEXT) AS ms`);
  return { askedAtMs, theirsMs: Number(row?.ms), answeredAtMs: now() };
}

async function readIntegrity({ prisma }: Database): Promise<string> {
  const [row] = await prisma.$queryRaw<{ quick_check: string }[]>`PRAGMA quick_check(1)`;
  return row?.quick_check ?? '';
}
