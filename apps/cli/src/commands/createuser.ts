import { roleSchema, type Role } from '@gatehouse/contract';
import { InvalidArgumentError, Option } from 'commander';
import { command, reporting } from '../command.ts';
import { createAccount } from '../create-account.ts';
import { withAccounts } from '../local.ts';
import type { NewPasswordOptions } from '../new-password.ts';

interface CreateUserOptions extends NewPasswordOptions {
  readonly email?: string;
  readonly name?: string;
  readonly role: Role;
  readonly attributes?: object;
}

export const createuser = () =>
  command('createuser', {
    description: 'Create an account. Asks for missing values. The password is never an argument.',
    examples: [
      ['gatehouse createuser', 'asks for all values'],
      ['gatehouse createuser ada --email ada@example.org --role admin --generate-password', 'generates a password and prints it once'],
      ['pass new | gatehouse createuser ada --email ada@example.org --password-stdin', 'in a script'],
    ],
  })
    .argument('[username]', 'letters and digits, with . _ - between them')
    .option('--email <address>', 'e-mail address; it can be used to sign in')
    .option('--name <name>', 'display name (default: the user name)')
    .addOption(new Option('--role <role>', 'role of the account').choices(roleSchema.options).default('user'))
    .addOption(new Option('--attributes <json>', 'custom user fields as JSON: {"department": "Sales"}').argParser(jsonObject))
    .option('--password-stdin', 'read the password from stdin')
    .option('--generate-password', 'generate a password and print it once')
    .action(
      reporting((username: string | undefined, options: CreateUserOptions) =>
        withAccounts(({ accounts }) => createAccount(accounts, { username, ...options })),
      ),
    );

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Reported below.
  }
  throw new InvalidArgumentError('Expected a JSON object, such as {"department": "Sales"}.');
}
