import type { AccountStatus, Role } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import { empty, join, sql, type Sql } from '@gatehouse/prisma/sql';

/*
 * A search begins with one set of accounts that is small enough to be sorted, such as those with a word, and checks the other conditions
 * only for these. So its time does not grow with the number of accounts, whatever the planner of the database estimates.
 */

/** The most accounts with a word, or of a list, that a search sorts. */
const MAX_SORTED = 1000;

/**
 * The most accounts of a role that a search sorts. If there are more, it reads all accounts in the order of the result, which finds the first
 * page soon unless these accounts are the last ones. For a status there are indexes of each order.
 */
const MAX_SORTED_OF_ROLE = 5000;

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
  /** A larger set is not sorted as a whole. */
  readonly max: number;
  /** Sets that are too large are still used for words, but never all accounts of a role. */
  readonly isSearch: boolean;
}

/** Words are well-formed, so this is greater than any continuation. */
const LAST = '\u{10FFFF}';

const startsWith = (word: string): Sql => sql`gatehouse_user_word.word >= ${word} AND gatehouse_user_word.word < ${word + LAST}`;

/** One look-up for each account. As an EXISTS, the planner may read all accounts with the word instead. */
const hasWord = (word: string): Sql => sql`(
  SELECT 1 FROM gatehouse_user_word WHERE gatehouse_user_word.user_id = gatehouse_user.user_id AND ${startsWith(word)} LIMIT 1) = 1`;

/** Without an index, which would be used for a role that nearly all accounts have. */
const equals = (column: Sql, value: string): Sql => sql`COALESCE(${column}, '') = ${value}`;

export async function userSource(prisma: Database['prisma'], { words, role, status, among }: UserConditions): Promise<UserSource> {
  async function counted({ ids, order, max, ...part }: Omit<Part, 'size'> & { readonly order?: Sql }): Promise<Part> {
    const [row] = await prisma.$queryRaw<{ size: unknown }[]>(sql`SELECT COUNT(*) AS size FROM (${ids} LIMIT ${max + 1}) AS found`);
    return { ...part, ids: sql`${ids} ${order ?? empty} LIMIT ${max}`, size: Number(row?.size ?? 0), max };
  }
  const ofColumn = (column: Sql, { name, value, max }: { name: Sql; value: string; max: number }): Promise<Part> =>
    counted({
      ids: sql`SELECT user_id FROM gatehouse_user WHERE ${name} = ${value}`,
      condition: equals(column, value),
      max,
      isSearch: false,
    });

  const parts = await Promise.all([
    ...words.map((word) =>
      counted({
        ids: sql`SELECT gatehouse_user_word.user_id FROM gatehouse_user_word WHERE ${startsWith(word)}`,
        order: sql`ORDER BY gatehouse_user_word.word, gatehouse_user_word.user_id`,
        condition: hasWord(word),
        max: MAX_SORTED,
        isSearch: true,
      }),
    ),
    ...(role === undefined ? [] : [ofColumn(sql`gatehouse_user.role`, { name: sql`role`, value: role, max: MAX_SORTED_OF_ROLE })]),
    ...(status === undefined ? [] : [ofColumn(sql`gatehouse_user.status`, { name: sql`status`, value: status, max: MAX_SORTED })]),
  ]);
  if (among) parts.push(amongPart(among));

  const smallest = parts.toSorted((one, other) => one.size - other.size);
  const chosen = smallest.find(({ size, max }) => size <= max) ?? smallest.find(({ isSearch }) => isSearch);
  return {
    ids: chosen?.ids,
    conditions: parts.filter((part) => part !== chosen).map(({ condition }) => condition),
    isComplete: !chosen || chosen.size <= chosen.max,
  };
}

function amongPart(userIds: readonly string[]): Part {
  const some = userIds.slice(0, MAX_SORTED);
  const list = some.length === 0 ? sql`('')` : sql`(${join(some)})`;
  return {
    ids: sql`SELECT user_id FROM gatehouse_user WHERE user_id IN ${list} LIMIT ${MAX_SORTED}`,
    condition: sql`gatehouse_user.user_id IN ${list}`,
    size: userIds.length,
    max: MAX_SORTED,
    isSearch: true,
  };
}
