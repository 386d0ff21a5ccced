import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/index.ts';
import { temporaryFolder, temporaryUrl } from '../temporary-database.ts';
import type { TestDatabase } from '../test-databases.ts';

interface DjangoHashes {
  readonly django: string;
  readonly password: string;
  /** By algorithm. */
  readonly hashes: Readonly<Record<string, string>>;
}

type Value = string | number | boolean | null;

interface DjangoSite {
  readonly django: string;
  readonly secretKey: string;
  /** Everyone's. */
  readonly password: string;
  /** What each browser holds, by what it is an example of. */
  readonly sessions: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<'auth_user' | 'django_session', readonly Readonly<Record<string, Value>>[]>>;
}

const kept = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));

/** What a real Django has made once, by make-fixtures.py. */
export const DJANGO_HASHES = kept('hashes.json') as DjangoHashes;
export const DJANGO_SITE = kept('site.json') as DjangoSite;

/** A python3 that has Django makes them anew; undefined without one. */
export const makeDjangoHashes = (): DjangoHashes | undefined => make(['hashes']) as DjangoHashes | undefined;

/** The same of a whole database that is Django's own, in a folder of the running test's. */
export function makeDjangoSite(): (DjangoSite & { url: string }) | undefined {
  const file = join(temporaryFolder(), 'django.sqlite3');
  const made = make(['site', file]) as DjangoSite | undefined;
  return made && { ...made, url: `file:${file}` };
}

function make(args: readonly string[]): unknown {
  // The system's first: a version manager's own often lacks what the system has installed.
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      const output = execFileSync(python, [join(import.meta.dirname, 'make-fixtures.py'), ...args], { stdio: 'pipe', timeout: 60_000 });
      return JSON.parse(output.toString());
    } catch {
      // Not there, or without Django.
    }
  }
  console.warn(
    '\nTHIS MACHINE LACKS a python3 with Django. Nothing is made anew by it.\n(apt-get install python3-django python3-bcrypt python3-argon2)\n',
  );
  return undefined;
}

/** As `sqlmigrate` of auth and sessions has them, shortened to what is read. */
const TYPES = {
  sqlite: { flag: 'bool', time: 'datetime', id: 'integer' },
  mysql: { flag: 'bool', time: 'datetime(6)', id: 'integer' },
  postgresql: { flag: 'boolean', time: 'timestamp with time zone', id: 'integer' },
};

/** A database with the rows that a real Django has made; what had not expired then has two weeks left. Its address. */
export async function djangoSite(on: TestDatabase): Promise<string> {
  const url = await temporaryUrl(on);
  const database = await openDatabase(url);
  const connection = await database.adapter.connect();
  const { flag, time, id } = TYPES[on.provider];
  const run = (sql: string) => connection.executeRaw({ sql, args: [], argTypes: [] });
  try {
    await run(`CREATE TABLE auth_user (id ${id} NOT NULL PRIMARY KEY, password varchar(128) NOT NULL, last_login ${time} NULL,
      is_superuser ${flag} NOT NULL, username varchar(150) NOT NULL, first_name varchar(150) NOT NULL, last_name varchar(150) NOT NULL,
      email varchar(254) NOT NULL, is_staff ${flag} NOT NULL, is_active ${flag} NOT NULL, date_joined ${time} NOT NULL)`);
    await run(
      `CREATE TABLE django_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL, expire_date ${time} NOT NULL)`,
    );
    const { auth_user: users, django_session: sessions } = DJANGO_SITE.tables;
    const expired = DJANGO_SITE.sessions['expired'];
    const moved = sessions.map((row) =>
      row['session_key'] === expired ? row : { ...row, expire_date: sqlTime(Date.now() + 14 * 86_400_000) },
    );
    for (const [table, rows] of Object.entries({ auth_user: users, django_session: moved })) {
      for (const row of rows) {
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

/** As Django writes UTC where a database has no time zones. */
const sqlTime = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

const literal = (value: Value): string => (typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value ?? 'NULL'));
