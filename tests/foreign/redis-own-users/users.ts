import { scryptSync, timingSafeEqual } from 'node:crypto';
import type { UserSource } from '@gatehouse/session';

type User = NonNullable<Awaited<ReturnType<UserSource['find']>>>['user'];

interface Person {
  name: string;
  email: string;
  salt: string;
  passwordHash: Buffer;
  isActive: boolean;
}

/** In place of your table. */
const people = new Map<number, Person>([
  [7, { name: 'Ada', email: 'ada@example.com', salt: 'pepper', passwordHash: scryptSync('correct horse', 'pepper', 32), isActive: true }],
]);

const toUser = (id: number, { name, email }: Person): User => ({
  id: String(id),
  username: name.toLowerCase(),
  name,
  email,
  role: 'user',
  status: 'active',
  attributes: {},
});

/** Each request of a signed-in user asks it, unless Redis has a copy. */
export const users: UserSource = {
  async find(userId) {
    const person = people.get(Number(userId));
    return person?.isActive ? { user: toUser(Number(userId), person), credentialEpoch: 0 } : undefined;
  },
};

export function checkPassword(name: string, password: string): User | undefined {
  for (const [id, person] of people) {
    if (person.name === name && timingSafeEqual(scryptSync(password, person.salt, 32), person.passwordHash)) return toUser(id, person);
  }
  return undefined;
}
