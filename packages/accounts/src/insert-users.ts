import type { AccountStatus, Role } from '@gatehouse/contract';
import type { Transaction } from '@gatehouse/prisma';
import { join, sql } from '@gatehouse/prisma/sql';
import type { activityRow } from './activity-row.ts';
import { insertUserWords, nameKeyOf, type WordSource } from './user-words.ts';

/** The columns of an account, but those that are derived from its name. */
export interface NewUserRow extends WordSource {
  readonly usernameKey: string;
  readonly emailKey: string;
  readonly role: Role;
  readonly status: AccountStatus;
  readonly passwordHash: string;
  readonly attributes?: string;
  readonly createdAt: Date;
}

type Entry = ReturnType<typeof activityRow>;

/** Rows per INSERT: within the limits of parameters of every database. Always the same number, so that the statement stays prepared. */
const CHUNK = 250;

/**
 * Stores new users with the words by which they are found, and with their audit entries. Call it in a transaction.
 * @throws an error for which `isUniqueViolation` is true, if an id, a user name or an address is taken
 */
export async function insertUsers(tx: Transaction, users: readonly NewUserRow[], entries: readonly Entry[]): Promise<void> {
  // Not Prisma's createMany, which takes several times longer to prepare many rows than the database to store them.
  for (const some of chunks(users)) await insertAccounts(tx, some);
  await insertUserWords(tx, users);
  for (const some of chunks(entries)) await insertEntries(tx, some);
}

async function insertAccounts(tx: Transaction, users: readonly NewUserRow[]): Promise<void> {
  const updatedAt = new Date();
  const rows = users.map(
    ({ id, username, usernameKey, email, emailKey, name, role, status, passwordHash, attributes = '{}', createdAt }) =>
      sql`(${id}, ${username}, ${usernameKey}, ${email}, ${emailKey}, ${name}, ${role}, ${status}, ${passwordHash}, ${attributes},
        ${nameKeyOf(name)}, ${createdAt}, ${updatedAt})`,
  );
  await tx.$executeRaw(sql`
    INSERT INTO gatehouse_user (user_id, username, username_key, email, email_key, name, role, status, password_hash, attributes, name_key,
      created_at, updated_at)
    VALUES ${join(rows)}`);
}

async function insertEntries(tx: Transaction, entries: readonly Entry[]): Promise<void> {
  const rows = entries.map(
    ({ id, userId, kind, at, ip, userAgent, handle, actorKind, actorId, reason, detail }) =>
      sql`(${id}, ${userId}, ${kind}, ${at}, ${ip}, ${userAgent}, ${handle}, ${actorKind}, ${actorId}, ${reason}, ${detail})`,
  );
  await tx.$executeRaw(sql`
    INSERT INTO gatehouse_activity (activity_id, user_id, kind, happened_at, ip, user_agent, handle, actor_kind, actor_id, reason, detail)
    VALUES ${join(rows)}`);
}

function* chunks<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += CHUNK) yield rows.slice(from, from + CHUNK);
}
