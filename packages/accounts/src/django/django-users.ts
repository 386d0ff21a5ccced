import { setImmediate } from 'node:timers/promises';
import type { ReadOnlyDatabase } from '@gatehouse/prisma';

/** A row of `auth_user`, or of the table of a custom AUTH_USER_MODEL. */
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

/** The table is missing, or is not a Django user table. */
export class NotDjangoUsersError extends Error {
  override readonly name = 'NotDjangoUsersError';
  readonly code = 'NOT_DJANGO';
}

/** A custom user model may lack all but the first two, as long as it has a user name or an e-mail address. */
const USER_COLUMNS = [
  'id',
  'password',
  'username',
  'email',
  'first_name',
  'last_name',
  'is_active',
  'is_staff',
  'is_superuser',
  'date_joined',
] as const;
type UserColumn = (typeof USER_COLUMNS)[number];

/** Column names of a custom user model, as set by `db_column` and `primary_key`. */
export type UserColumns = Readonly<Partial<Record<UserColumn, string>>>;

/**
 * The id as Django writes it into a session. A UUID gets hyphens, which a `char(32)` column stores without. Other ids stay unchanged.
 */
export const djangoId = (stored: string): string =>
  /^[0-9a-f]{32}$/i.test(stored) ? stored.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : stored;

/** The forms in which a database may store an id. */
export const storedForms = (id: string): string[] => (UUID.test(id) ? [id, id.replaceAll('-', '')] : [id]);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Yields all users by id, one page at a time, so that memory use does not grow with their number. @throws NotDjangoUsersError */
export async function* djangoUsers(
  source: ReadOnlyDatabase,
  { table, columns = {}, pageSize }: { table: string; columns?: UserColumns | undefined; pageSize: number },
) {
  const { quoted } = source;
  const from = table.split('.').map(quoted).join('.');
  const nameOf = (column: UserColumn): string => columns[column] ?? column;
  const present = new Set(await columnsOf(source, from, table));
  const missing = Object.values(columns).filter((name) => !present.has(name));
  if (missing.length > 0) throw new NotDjangoUsersError(`${table} has no column ${missing.join(', ')}. It has ${[...present].join(', ')}.`);
  const known = USER_COLUMNS.filter((column) => present.has(nameOf(column)));
  if (!known.includes('id') || !known.includes('password') || !(known.includes('username') || known.includes('email'))) {
    throw new NotDjangoUsersError(
      `${table} is not a Django user table: it lacks id, password, or both username and email. It has ${[...present].join(', ')}. ` +
        'For a custom user model, name its table with --table and its columns with --column id=….',
    );
  }
  const id = quoted(nameOf('id'));
  const select = `SELECT ${known.map((column) => quoted(nameOf(column))).join(', ')} FROM ${from}`;
  let after: string | undefined;
  for (;;) {
    const where = after === undefined ? '' : ` WHERE ${id} > ?`;
    const { rows } = await source.select(`${select}${where} ORDER BY ${id} LIMIT ${pageSize}`, after === undefined ? [] : [after]);
    const page = rows.map((row) => Object.fromEntries(known.map((column, index) => [column, row[index]])));
    if (page.length > 0) yield page.map(toUser);
    after = text(page.at(-1)?.['id']);
    if (page.length < pageSize) return;
    // SQLite responds within microtasks, but native memory is only freed by the event loop.
    await setImmediate();
  }
}

async function columnsOf(source: ReadOnlyDatabase, from: string, table: string): Promise<string[]> {
  try {
    return (await source.select(`SELECT * FROM ${from} LIMIT 1`)).columns;
  } catch (cause) {
    throw new NotDjangoUsersError(`The database has no table ${table}. Name Django's user table with --table.`, { cause });
  }
}

function toUser(row: Record<string, unknown>): DjangoUser {
  return {
    id: djangoId(text(row['id'])),
    username: text(row['username']),
    email: text(row['email']),
    firstName: text(row['first_name']),
    lastName: text(row['last_name']),
    password: text(row['password']),
    // A model without the column has only active users, as in AbstractBaseUser.
    isActive: row['is_active'] === undefined || isTrue(row['is_active']),
    isStaff: isTrue(row['is_staff']),
    isSuperuser: isTrue(row['is_superuser']),
    joined: djangoInstant(row['date_joined']),
  };
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';

/** SQLite and MySQL store booleans as 0 and 1. */
const isTrue = (value: unknown): boolean => value === true || text(value) === '1';

/** Django stores UTC (`USE_TZ`), but values from SQLite and MySQL have no zone. */
function djangoInstant(value: unknown): Date | undefined {
  const stored = text(value).replace(' ', 'T');
  if (stored === '') return undefined;
  const date = new Date(/(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(stored) ? stored : `${stored}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
