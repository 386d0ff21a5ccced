import { command, reporting } from '../../command.ts';
import { withAccounts } from '../../local.ts';
import { requireUser } from '../../require-user.ts';
import { counted } from '../../terminal/counted.ts';
import { COMMAND_LINE } from '../../write-audit.ts';

export const usersSuspend = () =>
  command('suspend', {
    description: 'Suspend an account: end its sessions and refuse sign-ins. The account stays.',
    examples: [['gatehouse users suspend ada', 'until `gatehouse users reactivate ada`']],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .action(
      reporting((identifier: string) =>
        withAccounts(async ({ accounts }) => {
          const { id } = await requireUser(accounts, identifier);
          const { user, ended } = await accounts.setStatus(id, 'suspended', { by: COMMAND_LINE });
          return {
            json: { user, endedSessions: ended },
            lines: [`Suspended ${user.username}. Ended ${counted(ended, 'session')}.`],
          };
        }),
      ),
    );

export const usersReactivate = () =>
  command('reactivate', {
    description: 'Reactivate a suspended account. Its earlier sessions stay ended.',
    examples: [['gatehouse users reactivate ada', 'ada can sign in with the same password as before']],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .action(
      reporting((identifier: string) =>
        withAccounts(async ({ accounts }) => {
          const { id } = await requireUser(accounts, identifier);
          const { user } = await accounts.setStatus(id, 'active', { by: COMMAND_LINE });
          return { json: { user }, lines: [`Reactivated ${user.username}.`] };
        }),
      ),
    );
