import { loadSuperuserSettings } from '@gatehouse/settings';
import { command, reporting } from '../command.ts';
import { createAccount } from '../create-account.ts';
import { withAccounts } from '../local.ts';
import type { NewPasswordOptions } from '../new-password.ts';

interface CreateSuperuserOptions extends NewPasswordOptions {
  readonly email?: string;
  readonly name?: string;
  readonly input: boolean;
}

export const createsuperuser = () =>
  command('createsuperuser', {
    description:
      'Create an administrator. Asks for missing values, unless GATEHOUSE_SUPERUSER_USERNAME, _EMAIL and _PASSWORD set them. A weak password is refused.',
    examples: [
      ['gatehouse createsuperuser', 'asks for all values'],
      ['gatehouse createsuperuser ada --email ada@example.org --generate-password', 'generates a password and prints it once'],
      ['gatehouse createsuperuser --no-input', 'in a container: the values are in the environment'],
    ],
  })
    .argument('[username]', 'letters and digits, with . _ - between them')
    .option('--email <address>', 'e-mail address; it can be used to sign in')
    .option('--name <name>', 'display name (default: the user name)')
    .option('--password-stdin', 'read the password from stdin')
    .option('--generate-password', 'generate a password and print it once')
    .option('--no-input', 'never ask: a missing value is an error')
    .action(
      reporting((username: string | undefined, { email, ...options }: CreateSuperuserOptions) =>
        withAccounts(({ accounts }) => {
          const configured = loadSuperuserSettings();
          return createAccount(accounts, {
            ...options,
            username: username ?? configured.username,
            email: email ?? configured.email,
            configuredPassword: configured.password,
            role: 'admin',
          });
        }),
      ),
    );
