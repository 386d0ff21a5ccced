import type { Role } from '@gatehouse/contract';
import type { Accounts } from './accounts-port.ts';
import { generatePassword } from './generate-password.ts';

export interface DemoUser {
  readonly username: string;
  readonly role: Role;
  /** Not stored anywhere else, so show it once. */
  readonly password: string;
}

const DEMO: readonly { username: string; name: string; role: Role }[] = [
  { username: 'demo', name: 'Demo User', role: 'user' },
  { username: 'admin', name: 'Demo Admin', role: 'admin' },
];

/**
 * Creates two demo users in an empty database and returns them. Their passwords are random, because default accounts are not allowed
 * (ASVS 6.3.2). Not for production.
 */
export async function seedDemoUsers(accounts: Accounts): Promise<DemoUser[]> {
  if ((await accounts.countUsers()) > 0) return [];
  const created: DemoUser[] = [];
  for (const { username, name, role } of DEMO) {
    const password = generatePassword();
    const { ok } = await accounts.createUser({ username, email: `${username}@example.com`, name, role, password });
    // Otherwise another process seeded at the same time, and shows the password.
    if (ok) created.push({ username, role, password });
  }
  return created;
}
