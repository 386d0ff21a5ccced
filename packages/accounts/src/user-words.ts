import type { Transaction } from '@gatehouse/prisma';
import { join, sql } from '@gatehouse/prisma/sql';

/*
 * Administrators find accounts by the beginnings of words of the name, user name and e-mail address. Each word is a row, because a range of
 * an index on words is fast and gives the same results on every database.
 */

export interface WordSource {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly name: string;
}

/** The length of the column in code points. Longer words are found by their beginning. */
const MAX_WORD_LENGTH = 64;
const MAX_NAME_KEY_LENGTH = 255;
/** Rows per INSERT: within the limits of parameters of every database. */
const CHUNK = 1000;

/**
 * The form in which words are compared: like `identifierKey` (NFKC, lower case), but without accents and for any script, because names are
 * not ASCII. Control characters count as spaces: PostgreSQL cannot compare a text with a NUL. U+0300 to U+036F are the accents of Latin, Greek and Cyrillic letters; vowel signs of other scripts stay.
 */
export const searchForm = (text: string): string =>
  text
    .replaceAll(/\p{Cc}/gu, ' ')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC')
    .toWellFormed();

/** The words of a search. Every one must be the beginning of a word of the account. */
export const searchWords = (text: string): string[] =>
  [
    ...new Set(
      searchForm(text)
        .split(/\s+/)
        .map((word) => cut(word, MAX_WORD_LENGTH)),
    ),
  ].filter((word) => word !== '');

/** The key by which accounts are sorted by name. Never empty: that means that it was not written yet. */
export const nameKeyOf = (name: string): string => cut(searchForm(name).trim().replaceAll(/\s+/g, ' '), MAX_NAME_KEY_LENGTH) || '-';

/**
 * Every text between spaces, and its parts between punctuation: `ann.lee@example.com` gives itself, `ann`, `lee`, `example.com`. A word that
 * another one begins with is left out, because whoever searches for it finds that one: so most accounts have three or four rows.
 */
export function wordsOf({ username, email, name }: Omit<WordSource, 'id'>): string[] {
  const [local = '', domain = ''] = searchForm(email).split('@');
  const whole = [...searchForm(name).split(/\s+/), ...searchForm(username).split(/\s+/)];
  const words = [...whole, ...whole.flatMap(parts), searchForm(email).trim(), ...parts(local), domain.trim()];
  const sorted = [...new Set(words.map((word) => cut(word, MAX_WORD_LENGTH)))].filter((word) => word !== '').toSorted();
  // In this order a word comes right before those that begin with it.
  return sorted.filter((word, index) => !sorted[index + 1]?.startsWith(word));
}

const parts = (text: string): string[] => text.split(/[^\p{L}\p{N}\p{M}]+/u);

const cut = (text: string, length: number): string => (text.length <= length ? text : Array.from(text).slice(0, length).join('')).trim();

/**
 * Writes the words and the name keys of accounts. Call it in the transaction that creates an account or changes its name, user name or e-mail
 * address. If an older server changes a name, the account is found by its former name until the next change.
 */
export async function writeUserWords(tx: Transaction, users: readonly WordSource[]): Promise<void> {
  if (users.length === 0) return;
  const ids = users.map(({ id }) => id);
  const keys = users.map(({ id, name }) => sql`WHEN ${id} THEN ${nameKeyOf(name)}`);
  // Not Prisma's update, which would set `updated_at`.
  await tx.$executeRaw(
    sql`UPDATE gatehouse_user SET name_key = CASE user_id ${join(keys, ' ')} ELSE name_key END WHERE user_id IN (${join(ids)})`,
  );
  await tx.userWord.deleteMany({ where: { userId: { in: ids } } });
  await insertUserWords(tx, users);
}

/** Writes the words of accounts that have none yet. */
export async function insertUserWords(tx: Transaction, users: readonly WordSource[]): Promise<void> {
  const rows = users.flatMap((user) => wordsOf(user).map((word) => sql`(${word}, ${user.id})`));
  // Not Prisma's createMany, which takes several times longer to prepare many rows than the database to store them.
  for (let from = 0; from < rows.length; from += CHUNK)
    await tx.$executeRaw(sql`INSERT INTO gatehouse_user_word (word, user_id) VALUES ${join(rows.slice(from, from + CHUNK))}`);
}
