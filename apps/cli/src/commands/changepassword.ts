import { command, reporting } from '../command.ts';
import { withAccounts } from '../local.ts';
import { setPassword, type NewPasswordOptions } from '../new-password.ts';
import { requireUser } from '../require-user.ts';
import { counted } from '../terminal/counted.ts';
import { COMMAND_LINE } from '../write-audit.ts';

export const changepassword = () =>
  command('changepassword', {
    description: 'Set the password of an account and end all of its sessions.',
    examples: [
      ['gatehouse changepassword ada', 'asks for the new password twice'],
      ['gatehouse changepassword ada@example.org --generate-password', 'generates a password and prints it once'],
    ],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .option('--password-stdin', 'read the new password from stdin')
    .option('--generate-password', 'generate a password and print it once')
    .action(
      reporting((identifier: string, options: NewPasswordOptions) =>
        withAccounts(async ({ accounts }) => {
          const user = await requireUser(accounts, identifier);
          const { done, generated } = await setPassword(options, (password) =>
            accounts.changePassword(user.id, password, { by: COMMAND_LINE }),
          );
          const { ended } = done;
          return {
            json: { user, endedSessions: ended, ...(generated !== undefined && { password: generated }) },
            lines: [
              `Changed the password of ${user.username}. Ended ${counted(ended, 'session')}.`,
              ...(generated === undefined ? [] : [`Password: ${generated}`]),
            ],
          };
        }),
      ),
    );
