import { scryptSync, timingSafeEqual } from 'node:crypto';
import type { UserSource } from '@gatehouse/server';

/** In place of your table. */
const people = new Map([[7, { name: 'Ada', email: 'ada@example.com', salt: 'pepper', hash: scryptSync('correct horse', 'pepper', 32) }]]);

export function checkPassword(name: string, password: string): number | undefined {
  for (const [id, person] of people)
    if (person.name === name && timingSafeEqual(scryptSync(password, person.salt, 32), person.hash)) return id;
  return undefined;
}

export const nameOf = (id: number): string => people.get(id)?.name ?? '';

/** New: tells Gatehouse who a user is. An old session with `userId: 7` belongs to the user '7'. */
export const users: UserSource = {
  async find(userId) {
    const person = people.get(Number(userId));
    if (!person) return undefined;
    const { name, email } = person;
    return { user: { id: userId, username: name, name, email, role: 'user', status: 'active', attributes: {} }, credentialEpoch: 0 };
  },
};
