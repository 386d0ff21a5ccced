import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { withAccounts } from '../../local.ts';
import { requireUser } from '../../require-user.ts';
import { askYes, requireTerminal } from '../../terminal/ask.ts';
import { counted } from '../../terminal/counted.ts';
import { COMMAND_LINE } from '../../write-audit.ts';

export const usersDelete = () =>
  command('delete', {
    description: 'Delete an account and its sessions permanently. Its audit entries stay until AUDIT_RETENTION removes them.',
    examples: [
      ['gatehouse users delete ada', 'asks first'],
      ['gatehouse users delete ada@example.org --yes', 'does not ask'],
    ],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .option('--yes', 'do not ask for confirmation')
    .action(
      reporting((identifier: string, { yes }: { readonly yes?: boolean }) =>
        withAccounts(async ({ accounts }) => {
          const user = await requireUser(accounts, identifier);
          if (yes !== true) await confirm(user.username, user.email);
          const { ended } = await accounts.deleteUser(user.id, { by: COMMAND_LINE });
          return {
            json: { deleted: user, endedSessions: ended },
            lines: [`Deleted ${user.username}. Ended ${counted(ended, 'session')}.`],
          };
        }),
      ),
    );

async function confirm(username: string, email: string): Promise<void> {
  requireTerminal('Pass --yes to delete the account.');
  if (!(await askYes(`Delete ${username} (${email}) permanently?`))) {
    throw new Failure('CANCELLED', 'Cancelled; nothing was changed.', EXIT.CANCELLED);
  }
}
