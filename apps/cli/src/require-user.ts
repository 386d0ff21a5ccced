import type { Accounts } from '@gatehouse/accounts';
import type { SessionUser } from '@gatehouse/contract';
import { Failure } from './failure.ts';
import { printable, shortened } from './terminal/printable.ts';

/** The user with this user name or e-mail address. @throws Failure UNKNOWN_USER */
export async function requireUser(accounts: Accounts, identifier: string): Promise<SessionUser> {
  const user = await accounts.findUser(identifier);
  if (!user) throw noUser(identifier);
  return user;
}

export const noUser = (identifier: string): Failure =>
  new Failure('UNKNOWN_USER', `There is no user ${shortened(printable(identifier), 60)}.`);
