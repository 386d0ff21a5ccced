import type { Role } from '@gatehouse/contract';
import type { Accounts } from './accounts-port.ts';
import { generatePassword } from './generate-password.ts';

export interface DemoUser {
  readonly username: string;
  readonly role: Role;
  /** Kept nowhere: to be shown once. */
  readonly password: string;
}

const DEMO: readonly { username: string; name: string; role: Role }[] = [
  { username: 'demo', name: 'Demo User', role: 'user' },
  { username: 'admin', name: 'Demo Admin', role: 'admin' },
];

/**
 * Two users to try Gatehouse with, in an empty database only; returns those it made. Their passwords are random: there
 * are no default accounts (ASVS 6.3.2). Not for production.
 */
export async function seedDemoUsers(accounts: Accounts): Promise<DemoUser[]> {
  if ((await accounts.countUsers()) > 0) return [];
  const made: DemoUser[] = [];
  for (const { username, name, role } of DEMO) {
    const password = generatePassword();
    const { ok } = await accounts.createUser({ username, email: `${username}@example.com`, name, role, password });
    // Not made: another process was seeding at the same time, and shows the password.
    if (ok) made.push({ username, role, password });
  }
  return made;
}
