import type { SignInBucket } from '@gatehouse/contract';
import type { Database, Provider } from '@gatehouse/prisma';
import { join, sql, type Sql } from '@gatehouse/prisma/sql';

/*
 * Charts over 30 days count up to millions of audit entries. So the counts of each hour are stored once it is over. They are computed from
 * the audit trail and not while it is written: so they are exact, sign-ins do not wait for a shared row, and older servers need not know them.
 * Hours are numbers since 1970, so that no database computes with time zones.
 */

export const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const DAYS = 30;

/** An entry is written at most this long after its time. */
const LATE_MS = 5 * 60_000;

/** Hours that a request counts itself, if no background job has stored them. */
const MAX_COUNTED = 48;

/** Three parts of a UNION each; SQLite allows 500. */
const HOURS_PER_STATEMENT = 24;

const AUDITED = ['signed_in', 'sign_in_failed', 'locked'] as const;
/** Attempts that were refused before the password was checked have no audit entries, because there can be very many. */
const BLOCKED = 'blocked';

type Counts = Record<(typeof AUDITED)[number] | typeof BLOCKED, number>;

export interface SignInCounts {
  /** 24 hours and 30 days in UTC, oldest first; the last one is not over. */
  readonly hours: SignInBucket[];
  readonly days: SignInBucket[];
  /** false: some older hours are not counted yet; see `storeHourCounts`. */
  readonly isComplete: boolean;
}

export function hourCounts({ prisma, provider }: Database) {
  async function stored(first: number, last: number): Promise<Map<number, Partial<Counts>>> {
    const rows = await prisma.$queryRaw<{ hour: unknown; kind: keyof Counts; count: unknown }[]>(
      sql`SELECT hour, kind, count FROM gatehouse_hour_count WHERE hour >= ${first} AND hour <= ${last}`,
    );
    const hours = new Map<number, Partial<Counts>>();
    for (const { hour, kind, count } of rows) hours.set(Number(hour), { ...hours.get(Number(hour)), [kind]: Number(count) });
    return hours;
  }

  /** Counts the audit entries of some hours in one statement, with the index on kind and time. */
  async function countHours(hours: readonly number[]): Promise<Map<number, Partial<Counts>>> {
    const parts = hours.flatMap((hour) => {
      const [from, to] = [new Date(hour * HOUR_MS), new Date((hour + 1) * HOUR_MS)];
      return AUDITED.map(
        (kind, at) => sql`SELECT ${hour} AS hour, ${at} AS kind, COUNT(*) AS count FROM gatehouse_activity
          WHERE kind = ${kind} AND happened_at >= ${from} AND happened_at < ${to}`,
      );
    });
    const rows = await prisma.$queryRaw<{ hour: unknown; kind: unknown; count: unknown }[]>(join(parts, ' UNION ALL '));
    const counts = new Map<number, Partial<Counts>>();
    for (const { hour, kind, count } of rows) {
      const name = AUDITED[Number(kind)];
      if (name) counts.set(Number(hour), { ...counts.get(Number(hour)), [name]: Number(count) });
    }
    return counts;
  }

  async function store(counts: ReadonlyMap<number, Partial<Counts>>): Promise<void> {
    const rows = [...counts].flatMap(([hour, ofHour]) => AUDITED.map((kind) => sql`(${hour}, ${kind}, ${ofHour[kind] ?? 0})`));
    if (rows.length > 0) await prisma.$executeRaw(INSERT_ONCE[provider](join(rows)));
  }

  /** The hours that have audit entries but no stored counts, newest first. */
  async function missing(hours: ReadonlyMap<number, Partial<Counts>>, first: number, last: number): Promise<number[]> {
    const oldest = await prisma.activity.findFirst({ orderBy: { at: 'asc' }, select: { at: true } });
    const begin = Math.max(first, oldest ? hourOf(oldest.at.getTime()) : last + 1);
    const all = Array.from({ length: Math.max(0, last - begin + 1) }, (_, index) => last - index);
    return all.filter((hour) => hours.get(hour)?.signed_in === undefined);
  }

  return {
    async signInCounts(now: Date): Promise<SignInCounts> {
      const last = hourOf(now.getTime());
      const first = (Math.floor(last / DAY_HOURS) - (DAYS - 1)) * DAY_HOURS;
      const hours = await stored(first, last);
      const uncounted = await missing(hours, first, last);
      const isOver = (hour: number): boolean => (hour + 1) * HOUR_MS + LATE_MS <= now.getTime();
      for (const some of inSteps(uncounted.slice(0, MAX_COUNTED), HOURS_PER_STATEMENT)) {
        // oxlint-disable-next-line no-await-in-loop -- usually once
        const counts = await countHours(some);
        for (const [hour, ofHour] of counts) hours.set(hour, { ...hours.get(hour), ...ofHour });
        // oxlint-disable-next-line no-await-in-loop
        await store(new Map([...counts].filter(([hour]) => isOver(hour))));
      }
      const sum = (from: number, length: number): SignInBucket => {
        const within = Array.from({ length }, (_, index) => hours.get(from + index) ?? {});
        const total = (kind: keyof Counts): number => within.reduce((count, one) => count + (one[kind] ?? 0), 0);
        return {
          from: new Date(from * HOUR_MS),
          signedIn: total('signed_in'),
          failed: total('sign_in_failed'),
          blocked: total(BLOCKED),
          locked: total('locked'),
        };
      };
      return {
        hours: Array.from({ length: DAY_HOURS }, (_, index) => sum(last - DAY_HOURS + 1 + index, 1)),
        days: Array.from({ length: DAYS }, (_, index) => sum(first + index * DAY_HOURS, DAY_HOURS)),
        isComplete: uncounted.length <= MAX_COUNTED,
      };
    },

    /** Stores the counts of up to `batch` hours of the last 30 days that are over. Returns how many; 0: all are stored. */
    async storeHourCounts({ now, batch }: { now: Date; batch: number }): Promise<number> {
      const last = hourOf(now.getTime() - LATE_MS) - 1;
      const first = last - DAYS * DAY_HOURS;
      const some = (await missing(await stored(first, last), first, last)).slice(0, batch);
      // oxlint-disable-next-line no-await-in-loop -- in the background, one after the other
      for (const hours of inSteps(some, HOURS_PER_STATEMENT)) await store(await countHours(hours));
      return some.length;
    },

    /** Adds attempts that were refused before the password was checked. */
    async countBlocked({ attempts, at }: { attempts: number; at: Date }): Promise<void> {
      await prisma.$executeRaw(ADD[provider](sql`(${hourOf(at.getTime())}, ${BLOCKED}, ${attempts})`));
    },
  };
}

const inSteps = (hours: readonly number[], size: number): number[][] =>
  Array.from({ length: Math.ceil(hours.length / size) }, (_, step) => hours.slice(step * size, (step + 1) * size));

const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);

const INSERT = sql`INSERT INTO gatehouse_hour_count (hour, kind, count) VALUES`;
const onceByConflict = (rows: Sql): Sql => sql`${INSERT} ${rows} ON CONFLICT (hour, kind) DO NOTHING`;
const addByConflict = (row: Sql): Sql =>
  sql`${INSERT} ${row} ON CONFLICT (hour, kind) DO UPDATE SET count = gatehouse_hour_count.count + excluded.count`;

/** Several servers may store the same hour; their counts are equal. */
const INSERT_ONCE: Readonly<Record<Provider, (rows: Sql) => Sql>> = {
  sqlite: onceByConflict,
  postgresql: onceByConflict,
  mysql: (rows) => sql`INSERT IGNORE INTO gatehouse_hour_count (hour, kind, count) VALUES ${rows}`,
};

const ADD: Readonly<Record<Provider, (row: Sql) => Sql>> = {
  sqlite: addByConflict,
  postgresql: addByConflict,
  mysql: (row) => sql`${INSERT} ${row} ON DUPLICATE KEY UPDATE count = count + VALUES(count)`,
};
