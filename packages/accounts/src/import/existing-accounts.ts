import type { Database } from '@gatehouse/prisma';
import { join, sql, type Sql } from '@gatehouse/prisma/sql';

export interface ExistingAccount {
  readonly id: string;
  readonly usernameKey: string;
  readonly emailKey: string;
  readonly passwordHash: string;
  readonly status: string;
}

interface Row {
  readonly user_id: string;
  readonly username_key: string;
  readonly email_key: string;
  readonly password_hash: string;
  readonly status: string;
}

/** The accounts that have one of these ids, user names or addresses. One query, of which each part reads an index. */
export async function existingAccounts(
  prisma: Pick<Database['prisma'], '$queryRaw'>,
  { ids, usernameKeys, emailKeys }: Readonly<Record<'ids' | 'usernameKeys' | 'emailKeys', readonly string[]>>,
): Promise<ExistingAccount[]> {
  const parts = [having(sql`user_id`, ids), having(sql`username_key`, usernameKeys), having(sql`email_key`, emailKeys)].filter(
    (part) => part !== undefined,
  );
  if (parts.length === 0) return [];
  const rows = await prisma.$queryRaw<Row[]>(join(parts, ' UNION '));
  return rows.map((row) => ({
    id: row.user_id,
    usernameKey: row.username_key,
    emailKey: row.email_key,
    passwordHash: row.password_hash,
    status: row.status,
  }));
}

const having = (column: Sql, values: readonly string[]): Sql | undefined =>
  values.length === 0
    ? undefined
    : sql`SELECT user_id, username_key, email_key, password_hash, status FROM gatehouse_user WHERE ${column} IN (${join([...values])})`;
