import type { AccountStatus, ListedUser, Role, UserSort } from '@gatehouse/contract';
import { whereText, type Database, type Provider } from '@gatehouse/prisma';
import { empty, join, sql, type Sql } from '@gatehouse/prisma/sql';
import { InvalidCursorError } from './account-errors.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { userSource } from './user-sources.ts';
import { searchWords } from './user-words.ts';

export interface UserQuery {
  /** Beginnings of words of the name, user name or e-mail address. */
  readonly text?: string | undefined;
  readonly role?: Role | undefined;
  readonly status?: AccountStatus | undefined;
  /** Only these accounts. At most 1,000 are considered. */
  readonly among?: readonly string[] | undefined;
  readonly sort: UserSort;
  readonly descending: boolean;
  /** `next` of the previous page of the same search. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface FoundUser extends ListedUser {
  /** undefined: none since this is recorded. */
  readonly lastSignIn: Date | undefined;
}

export interface FoundUsers {
  readonly users: FoundUser[];
  /** undefined on the last page. */
  readonly next: string | undefined;
  /** false: more accounts match than are sorted in one search, so some are missing. */
  readonly isComplete: boolean;
}

const MAX_WORDS = 5;

const COLUMNS = { ...SESSION_USER_COLUMNS, createdAt: true, nameKey: true, lastSignInMs: true } as const;

interface Row {
  readonly id: string;
  readonly createdAt: Date;
  readonly nameKey: string;
  readonly lastSignInMs: bigint;
}

interface Order {
  readonly column: Sql;
  readonly index: Sql;
  /** The accounts of a status, in the same order. */
  readonly statusIndex: Sql;
  readonly valueOf: (row: Row) => string | number;
  /** The value of a cursor as a parameter; undefined if it is not one. */
  readonly parameter: (value: unknown) => string | number | Date | undefined;
}

const integer = (value: unknown): number | undefined => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined);

const ORDERS: Readonly<Record<UserSort, Order>> = {
  name: {
    column: sql`gatehouse_user.name_key`,
    index: sql`gatehouse_user_name_key_user_id_idx`,
    statusIndex: sql`gatehouse_user_status_name_key_user_id_idx`,
    valueOf: ({ nameKey }) => nameKey,
    parameter: (value) => (typeof value === 'string' && value.isWellFormed() && !value.includes('\0') ? value : undefined),
  },
  createdAt: {
    column: sql`gatehouse_user.created_at`,
    index: sql`gatehouse_user_created_at_user_id_idx`,
    statusIndex: sql`gatehouse_user_status_created_at_user_id_idx`,
    valueOf: ({ createdAt }) => createdAt.getTime(),
    parameter(value) {
      const ms = integer(value);
      return ms !== undefined && ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms) : undefined;
    },
  },
  lastSignIn: {
    column: sql`gatehouse_user.last_sign_in_ms`,
    index: sql`gatehouse_user_last_sign_in_ms_user_id_idx`,
    statusIndex: sql`gatehouse_user_status_last_sign_in_ms_user_id_idx`,
    valueOf: ({ lastSignInMs }) => Number(lastSignInMs),
    parameter: integer,
  },
};

/** The accounts in the order of `ids`. Every account is looked up once, and the planner has no other way. */
const FROM_IDS: Readonly<Record<Provider, (ids: Sql) => Sql>> = {
  // https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_cross_join
  sqlite: (ids) =>
    sql`(SELECT DISTINCT user_id FROM (${ids}) AS picked) AS found CROSS JOIN gatehouse_user ON gatehouse_user.user_id = found.user_id`,
  mysql: (ids) =>
    sql`(SELECT DISTINCT user_id FROM (${ids}) AS picked) AS found STRAIGHT_JOIN gatehouse_user ON gatehouse_user.user_id = found.user_id`,
  // The LIMIT keeps it from reading the whole table for a hash.
  postgresql: (ids) => sql`(SELECT DISTINCT user_id FROM (${ids}) AS picked) AS found
    CROSS JOIN LATERAL (SELECT * FROM gatehouse_user WHERE gatehouse_user.user_id = found.user_id LIMIT 1) AS gatehouse_user`,
};

/** All accounts, read in the order of an index. */
const fromAll = (provider: Provider, index: Sql): Sql =>
  provider === 'mysql' ? sql`gatehouse_user FORCE INDEX (${index})` : sql`gatehouse_user`;

export function searchUsers({ prisma, provider }: Database) {
  async function idsOf({ text = '', role, status, among, sort, descending, after, limit }: UserQuery) {
    const { column, index, statusIndex, parameter } = ORDERS[sort];
    const position = after === undefined ? undefined : requirePosition(after, sort, descending);
    const source = await userSource(prisma, { words: searchWords(text).slice(0, MAX_WORDS), role, status, among });
    const conditions = [...source.conditions];
    if (position) {
      const value = parameter(position.value);
      const beyond = descending ? sql`<` : sql`>`;
      conditions.push(
        sql`${column} ${beyond}= ${value} AND (${column} ${beyond} ${value} OR gatehouse_user.user_id ${beyond} ${position.id})`,
      );
    }
    // Few accounts of a status may be spread over all: their own index is read in the same order.
    const isByStatus = !source.ids && status !== undefined;
    if (isByStatus) conditions.push(sql`gatehouse_user.status = ${status}`);
    const where = conditions.length === 0 ? empty : sql`WHERE ${join(conditions, ' AND ')}`;
    const direction = descending ? sql`DESC` : sql`ASC`;
    const from = source.ids ? FROM_IDS[provider](source.ids) : fromAll(provider, isByStatus ? statusIndex : index);
    const rows = await prisma.$queryRaw<{ id: string }[]>(sql`
      SELECT gatehouse_user.user_id AS id FROM ${from} ${where}
      ORDER BY ${column} ${direction}, gatehouse_user.user_id ${direction} LIMIT ${limit}`);
    return { ids: rows.map(({ id }) => id), isComplete: source.isComplete };
  }

  const found = (row: Parameters<typeof toSessionUser>[0] & Row): FoundUser => ({
    ...toSessionUser(row),
    createdAt: row.createdAt,
    lastSignIn: row.lastSignInMs > 0n ? new Date(Number(row.lastSignInMs)) : undefined,
  });

  return {
    async searchUsers(query: UserQuery): Promise<FoundUsers> {
      const { ids, isComplete } = await idsOf({ ...query, limit: query.limit + 1 });
      const rows = await prisma.user.findMany({ where: { id: { in: ids.slice(0, query.limit) } }, select: COLUMNS });
      const byId = new Map(rows.map((row) => [row.id, row]));
      const page = ids.flatMap((id) => byId.get(id) ?? []);
      const last = page.at(-1);
      const more = ids.length > query.limit && last;
      return { users: page.map(found), next: more ? cursorOf(query, last) : undefined, isComplete };
    },

    async describeUser(userId: string): Promise<FoundUser | undefined> {
      const row = await prisma.user.findUnique({ where: { id: whereText(userId) }, select: COLUMNS });
      return row ? found(row) : undefined;
    },
  };
}

const cursorOf = ({ sort, descending }: UserQuery, row: Row): string =>
  Buffer.from(JSON.stringify([sort, descending, ORDERS[sort].valueOf(row), row.id])).toString('base64url');

/** @throws InvalidCursorError if it is not the cursor of a search in this order. */
function requirePosition(cursor: string, sort: UserSort, descending: boolean): { value: unknown; id: string } {
  const [ofSort, ofDescending, value, id] = parsed(cursor);
  const isOurs = ofSort === sort && ofDescending === descending && ORDERS[sort].parameter(value) !== undefined;
  if (!isOurs || typeof id !== 'string' || !/^[\u0021-\u007e]{1,64}$/.test(id)) throw new InvalidCursorError();
  return { value, id };
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
