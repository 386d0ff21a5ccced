import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { counted } from '../../terminal/counted.ts';

export const usersSuspend = () =>
  command('suspend', {
    description: 'Suspend an account: end its sessions and refuse sign-ins. The account stays.',
    examples: [
      ['gatehouse users suspend ada', 'until `gatehouse users reactivate ada`'],
      ['gatehouse users suspend ada --url https://app.example', 'on a server, as the administrator of `gatehouse login`'],
    ],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .addOption(serverOption())
    .action(
      reporting((identifier: string, options: ServerOptions) =>
        withAdministration(options, async (admin) => {
          const { id } = await requireUserOf(admin, identifier);
          const { user, ended } = await admin.setStatus(id, 'suspended');
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
    .addOption(serverOption())
    .action(
      reporting((identifier: string, options: ServerOptions) =>
        withAdministration(options, async (admin) => {
          const { id } = await requireUserOf(admin, identifier);
          const { user } = await admin.setStatus(id, 'active');
          return { json: { user }, lines: [`Reactivated ${user.username}.`] };
        }),
      ),
    );
