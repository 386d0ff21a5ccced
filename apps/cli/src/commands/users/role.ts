import { roleSchema, type Role } from '@gatehouse/contract';
import { Argument } from 'commander';
import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import type { ServerOptions } from '../../server-connection.ts';

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
    .addOption(serverOption())
    .action(
      reporting((identifier: string, wanted: Role, options: ServerOptions) =>
        withAdministration(options, async (admin) => {
          const { id } = await requireUserOf(admin, identifier);
          const user = await admin.setRole(id, wanted);
          return { json: { user }, lines: [`The role of ${user.username} is ${user.role}.`] };
        }),
      ),
    );
