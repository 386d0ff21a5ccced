import type { AccountStatus, Role } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import { join, sql, type Sql } from '@gatehouse/prisma/sql';

/*
 * A search begins with one set of accounts that is small enough to be sorted, such as those with a word, and checks the other conditions
 * only for these. So its time does not grow with the number of accounts, whatever the planner of the database estimates.
 */

/** The most accounts that a search sorts. */
export const MAX_SORTED = 1000;

export interface UserConditions {
  /** See `searchWords`. */
  readonly words: readonly string[];
  readonly role?: Role | undefined;
  readonly status?: AccountStatus | undefined;
  /** Only these accounts. */
  readonly among?: readonly string[] | undefined;
}

export interface UserSource {
  /** Selects `user_id`. undefined: all accounts, in the order of the result. */
  readonly ids: Sql | undefined;
  /** What remains to be checked of `gatehouse_user`. */
  readonly conditions: Sql[];
  /** false: more accounts fulfil the condition than are selected. */
  readonly isComplete: boolean;
}

interface Part {
  readonly ids: Sql;
  readonly condition: Sql;
  readonly size: number;
  /** Sets that are too large are still used for words, but never all accounts of a role. */
  readonly isSearch: boolean;
}

/** Words are well-formed, so this is greater than any continuation. */
const LAST = '\u{10FFFF}';

const startsWith = (word: string): Sql => sql`gatehouse_user_word.word >= ${word} AND gatehouse_user_word.word < ${word + LAST}`;

const limit = sql`LIMIT ${MAX_SORTED}`;

/** Without an index, which would be used for a role that nearly all accounts have. */
const equals = (column: Sql, value: string): Sql => sql`COALESCE(${column}, '') = ${value}`;

export async function userSource(prisma: Database['prisma'], { words, role, status, among }: UserConditions): Promise<UserSource> {
  async function sizeOf(ids: Sql): Promise<number> {
    const [row] = await prisma.$queryRaw<{ size: unknown }[]>(sql`SELECT COUNT(*) AS size FROM (${ids} LIMIT ${MAX_SORTED + 1}) AS found`);
    return Number(row?.size ?? 0);
  }
  const counted = async (ids: Sql, condition: Sql, isSearch: boolean, order = sql``): Promise<Part> => ({
    ids: sql`${ids} ${order} ${limit}`,
    condition,
    size: await sizeOf(ids),
    isSearch,
  });
  const ofColumn = (column: Sql, name: Sql, value: string): Promise<Part> =>
    counted(sql`SELECT user_id FROM gatehouse_user WHERE ${name} = ${value}`, equals(column, value), false);

  const parts = await Promise.all([
    ...words.map((word) =>
      counted(
        sql`SELECT gatehouse_user_word.user_id FROM gatehouse_user_word WHERE ${startsWith(word)}`,
        sql`EXISTS (SELECT 1 FROM gatehouse_user_word WHERE gatehouse_user_word.user_id = gatehouse_user.user_id AND ${startsWith(word)})`,
        true,
        sql`ORDER BY gatehouse_user_word.word, gatehouse_user_word.user_id`,
      ),
    ),
    ...(role === undefined ? [] : [ofColumn(sql`gatehouse_user.role`, sql`role`, role)]),
    ...(status === undefined ? [] : [ofColumn(sql`gatehouse_user.status`, sql`status`, status)]),
  ]);
  if (among) parts.push(amongPart(among));

  const smallest = parts.toSorted((one, other) => one.size - other.size);
  const chosen = smallest.find(({ size }) => size <= MAX_SORTED) ?? smallest.find(({ isSearch }) => isSearch);
  return {
    ids: chosen?.ids,
    conditions: parts.filter((part) => part !== chosen).map(({ condition }) => condition),
    isComplete: !chosen || chosen.size <= MAX_SORTED,
  };
}

function amongPart(userIds: readonly string[]): Part {
  const some = userIds.slice(0, MAX_SORTED);
  const list = some.length === 0 ? sql`('')` : sql`(${join(some)})`;
  return {
    ids: sql`SELECT user_id FROM gatehouse_user WHERE user_id IN ${list} ${limit}`,
    condition: sql`gatehouse_user.user_id IN ${list}`,
    size: userIds.length,
    isSearch: true,
  };
}
