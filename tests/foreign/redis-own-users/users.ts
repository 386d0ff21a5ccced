import { scrypt, timingSafeEqual } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { UserSource } from '@gatehouse/server';

type FoundUser = NonNullable<Awaited<ReturnType<UserSource['find']>>>;

interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly salt: string;
  readonly hash: Uint8Array;
  readonly is_active: number;
  readonly epoch: number;
}

/** Your table, as it is: any database, any columns. */
const database = new DatabaseSync('people.db');
const byId = database.prepare('SELECT * FROM person WHERE id = ?');
const byName = database.prepare('SELECT * FROM person WHERE name = ?');

/** undefined ends the sessions of people who are gone or locked. A higher epoch ends earlier sessions, so a new password raises it. */
function found(person: Person | undefined): FoundUser | undefined {
  if (!person?.is_active) return undefined;
  const { id, name, email, epoch } = person;
  return {
    user: { id: String(id), username: name.toLowerCase(), name, email, role: 'user', status: 'active', attributes: {} },
    credentialEpoch: epoch,
  };
}

/** Asked by each request of a signed-in user, unless Redis has a copy. After a change: `gatehouse.engine.userChanged('7')`. */
export const users: UserSource = {
  find: async (userId) => found(byId.get(Number(userId)) as Person | undefined),
};

const derive = promisify<string, string, number, Buffer>(scrypt);

export async function checkPassword(name: string, password: string): Promise<FoundUser | undefined> {
  const person = byName.get(name) as Person | undefined;
  // Hashes for unknown names too, so that the time does not tell which names exist.
  const hash = await derive(password, person?.salt ?? '', 32);
  return person && timingSafeEqual(hash, person.hash) ? found(person) : undefined;
}
