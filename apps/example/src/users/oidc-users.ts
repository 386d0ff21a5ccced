import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { UserSource } from '@gatehouse/server';
import type { FoundUser } from '@gatehouse/session';

/** What the app keeps of people who sign in elsewhere. Issuer and subject together name a person for ever; an address may change hands. */
const TABLE = `CREATE TABLE IF NOT EXISTS oidc_person (
  id TEXT PRIMARY KEY, issuer TEXT NOT NULL, subject TEXT NOT NULL, email TEXT NOT NULL, name TEXT NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1, UNIQUE (issuer, subject))`;

interface Row {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly is_active: number;
}

/** The claims of an ID token that was verified. */
export interface PersonClaims {
  readonly iss: string;
  readonly sub: string;
  readonly email?: unknown;
  readonly name?: unknown;
}

/** Users of an identity provider. Between two sign-ins it is not asked, so the app keeps what it needs to know of them. */
export function oidcUsers(database: DatabaseSync) {
  database.exec(TABLE);
  const byId = database.prepare('SELECT * FROM oidc_person WHERE id = ?');
  const store = database.prepare(`INSERT INTO oidc_person (id, issuer, subject, email, name) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (issuer, subject) DO UPDATE SET email = excluded.email, name = excluded.name RETURNING *`);
  const setActive = database.prepare('UPDATE oidc_person SET is_active = ? WHERE id = ?');

  const users: UserSource = { find: async (userId) => found(byId.get(userId) as Row | undefined) };

  return {
    users,

    /** Creates the user at the first sign-in, and takes over a changed name. undefined: the app does not let this user in. */
    remember({ iss, sub, email, name }: PersonClaims): FoundUser | undefined {
      const address = typeof email === 'string' ? email : '';
      return found(store.get(randomUUID(), iss, sub, address, typeof name === 'string' ? name : address) as unknown as Row);
    },

    setActive: (id: string, isActive: boolean): void => void setActive.run(isActive ? 1 : 0, id),
  };
}

function found(row: Row | undefined): FoundUser | undefined {
  if (!row?.is_active) return undefined;
  const { id, email, name } = row;
  return {
    user: { id, username: email, email, name, role: 'user', status: 'active', attributes: { department: 'Shop floor' } },
    credentialEpoch: 0,
  };
}
