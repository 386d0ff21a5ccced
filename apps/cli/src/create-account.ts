import type { Accounts } from '@gatehouse/accounts';
import type { Role } from '@gatehouse/contract';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';
import { setPassword, type NewPasswordOptions } from './new-password.ts';
import type { Report } from './report.ts';
import { askText, hasTerminal, requireTerminal } from './terminal/ask.ts';
import { COMMAND_LINE } from './write-audit.ts';

export interface NewAccount extends NewPasswordOptions {
  readonly username: string | undefined;
  readonly email?: string | undefined;
  /** Default: asked for, or without a terminal the user name. */
  readonly name?: string | undefined;
  readonly role: Role;
  readonly attributes?: object | undefined;
}

/** Creates an account, and asks for what is missing. @throws Failure if a value is missing, taken or refused */
export async function createAccount(accounts: Accounts, { role, attributes, ...given }: NewAccount): Promise<Report> {
  const username = given.username ?? (await required('User name', { advice: 'Pass the user name.', ...given }));
  await refuseTaken(accounts, username, 'This user name is taken.');
  const email = given.email ?? (await required('E-mail address', { advice: 'Pass --email.', ...given }));
  await refuseTaken(accounts, email, 'Another account has this e-mail address.');
  const name = given.name ?? (await askName(username, given));
  const user = { username, email, name, role, ...(attributes && { attributes }) };
  const { done, generated } = await setPassword(given, (password) => accounts.createUser({ ...user, password }, { by: COMMAND_LINE }));
  return {
    json: { user: done.user, ...(generated !== undefined && { password: generated }) },
    lines: [
      `Created the account ${done.user.username} (${done.user.email}), ${done.user.role}.`,
      ...(generated === undefined ? [] : [`Password: ${generated}`]),
    ],
  };
}

function required(question: string, { advice, input }: { readonly advice: string; readonly input?: boolean }): Promise<string> {
  requireTerminal(advice, { input });
  return askText(question, (value) => (value.trim() === '' ? 'Enter a value.' : undefined));
}

/** Checked before the password prompt, so that nobody types a password twice for nothing. */
async function refuseTaken(accounts: Accounts, identifier: string, message: string): Promise<void> {
  if (await accounts.findUser(identifier)) throw new Failure('INVALID_INPUT', message, EXIT.FAILURE);
}

async function askName(username: string, { input = true }: NewPasswordOptions): Promise<string> {
  if (!input || !hasTerminal()) return username;
  return (await askText(`Name (Enter for ${username})`, () => undefined)).trim() || username;
}
