import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { UserSource } from '@gatehouse/server';
import type { FoundUser } from '@gatehouse/session';

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** A table that the app had before: numeric ids, its own password hashes, its own idea of who may sign in. */
const TABLE = `CREATE TABLE IF NOT EXISTS person (
  id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, department TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL,
  is_admin INTEGER NOT NULL DEFAULT 0, is_active INTEGER NOT NULL DEFAULT 1, epoch INTEGER NOT NULL DEFAULT 0)`;

interface Row {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly department: string;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly is_admin: number;
  readonly is_active: number;
  readonly epoch: number;
}

export interface Person {
  readonly email: string;
  readonly name: string;
  readonly department: string;
  readonly password: string;
}

/**
 * Users from the app's own table. After each change, the app calls `gatehouse.engine.userChanged(id)`: then every session sees it with its
 * next request. A higher epoch ends the user's sessions, so a change of the password raises it.
 */
export function tableUsers(database: DatabaseSync) {
  database.exec(TABLE);
  const byId = database.prepare('SELECT * FROM person WHERE id = ?');
  const byEmail = database.prepare('SELECT * FROM person WHERE email = ?');
  const insert = database.prepare('INSERT INTO person (email, name, department, salt, hash) VALUES (?, ?, ?, ?, ?)');
  const setPassword = database.prepare('UPDATE person SET salt = ?, hash = ?, epoch = epoch + 1 WHERE id = ?');
  const setActive = database.prepare('UPDATE person SET is_active = ? WHERE id = ?');

  const users: UserSource = {
    // An id that is no number finds nobody. The statement has the value as a parameter, so it cannot contain SQL.
    find: async (userId) => found(byId.get(Number(userId)) as Row | undefined),
  };

  return {
    users,

    /** The user with this address and password; undefined if there is none who may sign in. Limit the rate of calls. */
    async verify(email: string, password: string): Promise<FoundUser | undefined> {
      const row = byEmail.get(email) as Row | undefined;
      // Hashes for unknown addresses too, so that the time does not tell which addresses exist.
      const actual = await derive(password, Buffer.from(row?.salt ?? NO_SALT), 32);
      return row && timingSafeEqual(actual, row.hash) ? found(row) : undefined;
    },

    async add({ email, name, department, password }: Person): Promise<string> {
      const salt = randomBytes(16);
      return String(insert.run(email, name, department, salt, await derive(password, salt, 32)).lastInsertRowid);
    },

    async changePassword(id: string, password: string): Promise<void> {
      const salt = randomBytes(16);
      setPassword.run(salt, await derive(password, salt, 32), Number(id));
    },

    setActive: (id: string, isActive: boolean): void => void setActive.run(isActive ? 1 : 0, Number(id)),
  };
}

const NO_SALT = new Uint8Array(16);

/** undefined ends the sessions of people who are gone or locked. */
function found(row: Row | undefined): FoundUser | undefined {
  if (!row?.is_active) return undefined;
  return {
    user: {
      id: String(row.id),
      username: row.email,
      email: row.email,
      name: row.name,
      role: row.is_admin ? 'admin' : 'user',
      status: 'active',
      attributes: { department: row.department },
    },
    credentialEpoch: row.epoch,
  };
}
