import type { ReadOnlyDatabase } from '@gatehouse/prisma';

/** A row of `auth_user`, or of the table that AUTH_USER_MODEL names. */
export interface DjangoUser {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
  readonly isActive: boolean;
  readonly isStaff: boolean;
  readonly isSuperuser: boolean;
  readonly joined: Date | undefined;
}

/** A table that is not one of Django's users. */
export class NotDjangoUsersError extends Error {
  override readonly name = 'NotDjangoUsersError';
  readonly code = 'NOT_DJANGO';
}

/** Of a user model of one's own, all but the first two may be missing. */
const COLUMNS = ['id', 'password', 'username', 'email', 'first_name', 'last_name', 'is_active', 'is_staff', 'is_superuser', 'date_joined'];

/** All users by id, a page at a time, so that a million take no more memory than a page. @throws NotDjangoUsersError */
export async function* djangoUsers(source: ReadOnlyDatabase, { table, pageSize }: { table: string; pageSize: number }) {
  const { quoted } = source;
  const from = table.split('.').map(quoted).join('.');
  const present = new Set(await columnsOf(source, from, table));
  const known = COLUMNS.filter((column) => present.has(column));
  if (!present.has('id') || !present.has('password') || !(present.has('username') || present.has('email'))) {
    throw new NotDjangoUsersError(`${table} is not a table of Django's users: it lacks id, password, or both username and email.`);
  }
  const select = `SELECT ${known.map(quoted).join(', ')} FROM ${from}`;
  let after: string | undefined;
  for (;;) {
    const where = after === undefined ? '' : ` WHERE ${quoted('id')} > ?`;
    const args = after === undefined ? [] : [after];
    const { rows } = await source.select(`${select}${where} ORDER BY ${quoted('id')} LIMIT ${pageSize}`, args);
    const page = rows.map((row) => toUser(Object.fromEntries(known.map((column, index) => [column, row[index]]))));
    if (page.length > 0) yield page;
    after = page.at(-1)?.id;
    if (page.length < pageSize) return;
  }
}

async function columnsOf(source: ReadOnlyDatabase, from: string, table: string): Promise<string[]> {
  try {
    return (await source.select(`SELECT * FROM ${from} LIMIT 1`)).columns;
  } catch (cause) {
    throw new NotDjangoUsersError(`There is no table ${table} in that database. Name Django's with --table.`, { cause });
  }
}

function toUser(row: Record<string, unknown>): DjangoUser {
  return {
    id: text(row['id']),
    username: text(row['username']),
    email: text(row['email']),
    firstName: text(row['first_name']),
    lastName: text(row['last_name']),
    password: text(row['password']),
    // A model without the column has active users only, as AbstractBaseUser says.
    isActive: row['is_active'] === undefined || isTrue(row['is_active']),
    isStaff: isTrue(row['is_staff']),
    isSuperuser: isTrue(row['is_superuser']),
    joined: djangoInstant(row['date_joined']),
  };
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';

/** SQLite and MySQL have no booleans: 0 and 1. */
const isTrue = (value: unknown): boolean => value === true || text(value) === '1';

/** Django stores UTC (`USE_TZ`); SQLite and MySQL do not say so. */
function djangoInstant(value: unknown): Date | undefined {
  const stored = text(value).replace(' ', 'T');
  if (stored === '') return undefined;
  const date = new Date(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(stored) ? stored : `${stored}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
