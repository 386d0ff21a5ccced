import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { confirm, yesOption } from '../../terminal/confirm.ts';
import { counted } from '../../terminal/counted.ts';

export const usersDelete = () =>
  command('delete', {
    description: 'Delete an account and its sessions permanently. Its audit entries stay until AUDIT_RETENTION removes them.',
    examples: [
      ['gatehouse users delete ada', 'asks first'],
      ['gatehouse users delete ada@example.org --yes', 'does not ask'],
    ],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .addOption(yesOption())
    .addOption(serverOption())
    .action(
      reporting((identifier: string, { yes, ...options }: ServerOptions & { readonly yes?: boolean }) =>
        withAdministration(options, async (admin) => {
          const user = await requireUserOf(admin, identifier);
          const question = `Delete ${user.username} (${user.email}) permanently?`;
          await confirm(question, { yes, advice: 'Pass --yes to delete the account.' });
          const { ended } = await admin.deleteUser(user.id);
          return {
            json: { deleted: user, endedSessions: ended },
            lines: [`Deleted ${user.username}. Ended ${counted(ended, 'session')}.`],
          };
        }),
      ),
    );
