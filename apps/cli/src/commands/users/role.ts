import { roleSchema, type Role } from '@gatehouse/contract';
import { Argument } from 'commander';
import { command, reporting } from '../../command.ts';
import { withAccounts } from '../../local.ts';
import { requireUser } from '../../require-user.ts';
import { COMMAND_LINE } from '../../write-audit.ts';

export const usersRole = () =>
  command('role', {
    description: 'Change the role of an account. The change applies from the next request of each of its sessions.',
    examples: [
      ['gatehouse users role ada admin', 'works even if no administrator is left'],
      ['gatehouse users role ada user', 'makes ada a normal user again'],
    ],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .addArgument(new Argument('<role>', 'the new role').choices(roleSchema.options))
    .action(
      reporting((identifier: string, wanted: Role) =>
        withAccounts(async ({ accounts }) => {
          const { id } = await requireUser(accounts, identifier);
          const user = await accounts.setRole(id, wanted, { by: COMMAND_LINE });
          return { json: { user }, lines: [`The role of ${user.username} is ${user.role}.`] };
        }),
      ),
    );
