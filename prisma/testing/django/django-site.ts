import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/index.ts';
import { temporaryFolder, temporaryUrl } from '../temporary-database.ts';
import type { TestDatabase } from '../test-databases.ts';

interface DjangoHashes {
  readonly django: string;
  /** Hashes by description, with the passwords among `tried` that match according to Django. */
  readonly cases: Readonly<Record<string, { readonly stored: string; readonly fits: readonly string[] }>>;
  readonly tried: readonly string[];
  /** Hashes that are not supported. */
  readonly refused: Readonly<Record<string, string>>;
}

type Value = string | number | boolean | null;
type Rows = readonly Readonly<Record<string, Value>>[];

interface DjangoSite<Users extends string = 'auth_user'> {
  readonly django: string;
  /** When the data was created, ISO 8601. */
  readonly madeAt: string;
  readonly secretKey: string;
  /** In SECRET_KEY_FALLBACKS, if that Django version has the setting. */
  readonly oldKey: string;
  /** The password of all users. */
  readonly password: string;
  /** Session cookies by description. */
  readonly sessions: Readonly<Record<string, string>>;
  /** The user that Django sees for each session. */
  readonly seen: Readonly<Record<string, string | null>>;
  readonly tables: Readonly<Record<Users | 'django_session', Rows>>;
}

const readFixture = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));

/** Django versions with fixtures in this folder, which make-fixtures.py has created. */
const VERSIONS = ['3.2', '4.2', '5.2'];
export const DJANGO_HASHES = VERSIONS.map((version) => readFixture(`${version}/hashes.json`) as DjangoHashes);
export const DJANGO_SITES = VERSIONS.map((version) => readFixture(`${version}/site.json`) as DjangoSite);
export const DJANGO_SITE = readFixture('5.2/site.json') as DjangoSite;
/** The same with a custom user model. */
export const DJANGO_MEMBERS = readFixture('5.2/members.json') as DjangoSite<'club_members'>;

/** Creates hashes with the Django of this machine; undefined if it has none. */
export const makeDjangoHashes = (): DjangoHashes | undefined => make(['hashes']) as DjangoHashes | undefined;

/** Creates a complete Django database in a temporary folder with the Django of this machine; undefined if it has none. */
export function makeDjangoSite(): (DjangoSite & { url: string }) | undefined {
  const file = join(temporaryFolder(), 'django.sqlite3');
  const made = make(['site', file]) as DjangoSite | undefined;
  return made && { ...made, url: `file:${file}` };
}

function make(args: readonly string[]): unknown {
  // Try the system's Python first, because one from a version manager often lacks installed packages.
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      const output = execFileSync(python, [join(import.meta.dirname, 'make-fixtures.py'), ...args], { stdio: 'pipe', timeout: 60_000 });
      return JSON.parse(output.toString());
    } catch {
      // Python or Django is not installed.
    }
  }
  console.warn(
    '\nTHIS MACHINE LACKS a python3 with Django. Tests only use the stored fixtures.\n(apt-get install python3-django python3-bcrypt python3-argon2)\n',
  );
  return undefined;
}

/** From `sqlmigrate` of auth and sessions, reduced to the columns that are read. */
const TYPES = {
  sqlite: { flag: 'bool', time: 'datetime', uuid: 'char(32)' },
  mysql: { flag: 'bool', time: 'datetime(6)', uuid: 'char(32)' },
  postgresql: { flag: 'boolean', time: 'timestamp with time zone', uuid: 'uuid' },
};

const tablesOn = ({ flag, time, uuid }: (typeof TYPES)['sqlite']): Readonly<Record<string, string>> => ({
  auth_user: `id integer NOT NULL PRIMARY KEY, password varchar(128) NOT NULL, last_login ${time} NULL,
    is_superuser ${flag} NOT NULL, username varchar(150) NOT NULL, first_name varchar(150) NOT NULL, last_name varchar(150) NOT NULL,
    email varchar(254) NOT NULL, is_staff ${flag} NOT NULL, is_active ${flag} NOT NULL, date_joined ${time} NOT NULL`,
  club_members: `password varchar(128) NOT NULL, last_login ${time} NULL, member_id ${uuid} NOT NULL PRIMARY KEY, mail varchar(254) NOT NULL,
    full_name varchar(200) NOT NULL, is_active ${flag} NOT NULL, boss ${flag} NOT NULL`,
  django_session: `session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL, expire_date ${time} NOT NULL`,
});

/** Creates a database with rows from a real Django, moved to the current time. Returns its address. */
export async function djangoSite(
  on: TestDatabase,
  site: Pick<DjangoSite, 'madeAt'> & { readonly tables: Readonly<Record<string, Rows>> } = DJANGO_SITE,
): Promise<string> {
  const url = await temporaryUrl(on);
  const database = await openDatabase(url);
  const connection = await database.adapter.connect();
  const run = (sql: string) => connection.executeRaw({ sql, args: [], argTypes: [] });
  const sinceMs = Date.now() - Date.parse(site.madeAt);
  const later = (row: Readonly<Record<string, Value>>) => ({
    ...row,
    ...(typeof row['expire_date'] === 'string' && { expire_date: sqlTime(Date.parse(`${row['expire_date']}Z`) + sinceMs) }),
  });
  try {
    const definitions = tablesOn(TYPES[on.provider]);
    for (const [table, rows] of Object.entries(site.tables)) {
      await run(`CREATE TABLE ${table} (${definitions[table] ?? ''})`);
      for (const row of rows.map(later)) {
        const values = Object.values(row).map(literal);
        await run(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')})`);
      }
    }
  } finally {
    await connection.dispose();
    await database.close();
  }
  return url;
}

/** Django's format of UTC times for databases without time zones. */
const sqlTime = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

const literal = (value: Value): string => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value ?? 'NULL'));
