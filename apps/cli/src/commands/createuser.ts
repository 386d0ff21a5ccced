import type { Accounts } from '@gatehouse/accounts';
import { roleSchema, type Role } from '@gatehouse/contract';
import { InvalidArgumentError, Option } from 'commander';
import { command, reporting } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { withAccounts } from '../local.ts';
import { setPassword, type NewPasswordOptions } from '../new-password.ts';
import { COMMAND_LINE } from '../write-audit.ts';
import { askText, hasTerminal, requireTerminal } from '../terminal/ask.ts';

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
      reporting((given: string | undefined, options: CreateUserOptions) =>
        withAccounts(async ({ accounts }) => {
          const username = given ?? (await required('User name', 'Pass the user name: gatehouse createuser ada'));
          await refuseTaken(accounts, username, 'This user name is taken.');
          const email = options.email ?? (await required('E-mail address', 'Pass --email.'));
          await refuseTaken(accounts, email, 'Another account has this e-mail address.');
          const name = options.name ?? (await askName(username));
          const user = { username, email, name, role: options.role, ...(options.attributes && { attributes: options.attributes }) };
          const { done, generated } = await setPassword(options, (password) =>
            accounts.createUser({ ...user, password }, { by: COMMAND_LINE }),
          );
          return {
            json: { user: done.user, ...(generated !== undefined && { password: generated }) },
            lines: [
              `Created the account ${done.user.username} (${done.user.email}), ${done.user.role}.`,
              ...(generated === undefined ? [] : [`Password: ${generated}`]),
            ],
          };
        }),
      ),
    );

function required(question: string, instead: string): Promise<string> {
  requireTerminal(instead);
  return askText(question, (value) => (value.trim() === '' ? 'Enter a value.' : undefined));
}

/** Checked before the password prompt, so that nobody types a password twice for nothing. */
async function refuseTaken(accounts: Accounts, identifier: string, message: string): Promise<void> {
  if (await accounts.findUser(identifier)) throw new Failure('INVALID_INPUT', message, EXIT.FAILURE);
}

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Reported below.
  }
  throw new InvalidArgumentError('Expected a JSON object, such as {"department": "Sales"}.');
}

const askName = async (username: string): Promise<string> =>
  hasTerminal() ? (await askText(`Name (Enter for ${username})`, () => undefined)).trim() || username : username;
