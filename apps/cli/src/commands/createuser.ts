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
    description: 'Make an account. What is left out is asked for; the password is never an argument.',
    examples: [
      ['gatehouse createuser', 'asks for everything'],
      ['gatehouse createuser ada --email ada@example.org --role admin --generate-password', 'prints a password once'],
      ['pass new | gatehouse createuser ada --email ada@example.org --password-stdin', 'in a script'],
    ],
  })
    .argument('[username]', 'letters, digits and . _ - between them')
    .option('--email <address>', 'e-mail address, with which one can sign in too')
    .option('--name <name>', 'as shown to others (default: the user name)')
    .addOption(new Option('--role <role>', 'what the account may do').choices(roleSchema.options).default('user'))
    .addOption(new Option('--attributes <json>', 'fields of your own, as JSON: {"department": "Sales"}').argParser(jsonObject))
    .option('--password-stdin', 'read the password from stdin')
    .option('--generate-password', 'make a password and print it, this once')
    .action(
      reporting((given: string | undefined, options: CreateUserOptions) =>
        withAccounts(async ({ accounts }) => {
          const username = given ?? (await required('User name', 'Name it: gatehouse createuser ada'));
          await refuseTaken(accounts, username, 'This user name is taken.');
          const email = options.email ?? (await required('E-mail address', 'Give it with --email.'));
          await refuseTaken(accounts, email, 'There is an account with this e-mail address.');
          const name = options.name ?? (await askName(username));
          const user = { username, email, name, role: options.role, ...(options.attributes && { attributes: options.attributes }) };
          const { done, generated } = await setPassword(options, (password) =>
            accounts.createUser({ ...user, password }, { by: COMMAND_LINE }),
          );
          return {
            json: { user: done.user, ...(generated !== undefined && { password: generated }) },
            lines: [
              `Made the account ${done.user.username} (${done.user.email}), ${done.user.role}.`,
              ...(generated === undefined ? [] : [`Password: ${generated}`]),
            ],
          };
        }),
      ),
    );

function required(question: string, instead: string): Promise<string> {
  requireTerminal(instead);
  return askText(question, (value) => (value.trim() === '' ? 'Enter something.' : undefined));
}

/** Before the password is asked for: typing one twice for nothing is no fun. */
async function refuseTaken(accounts: Accounts, identifier: string, message: string): Promise<void> {
  if (await accounts.findUser(identifier)) throw new Failure('INVALID_INPUT', message, EXIT.FAILURE);
}

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('Give a JSON object, such as {"department": "Sales"}.');
}

const askName = async (username: string): Promise<string> =>
  hasTerminal() ? (await askText(`Name (Enter for ${username})`, () => undefined)).trim() || username : username;
