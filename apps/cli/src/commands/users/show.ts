import type { DescribedUser } from '../../administration/administration.ts';
import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { noUser } from '../../require-user.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { facts } from '../../terminal/table.ts';
import { atAndFromNow } from '../../terminal/time.ts';

export const usersShow = () =>
  command('show', {
    description: 'Show all about one account: its own fields, its sessions, the last sign-in, and whether sign-in is delayed.',
    examples: [
      ['gatehouse users show ada', 'by user name or e-mail address'],
      ['gatehouse users show ada --json', 'as JSON, for a script'],
    ],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .addOption(serverOption())
    .action(
      reporting((identifier: string, options: ServerOptions) =>
        withAdministration(options, async (admin) => {
          const { id } = await requireUserOf(admin, identifier);
          const user = await admin.describeUser(id);
          if (!user) throw noUser(identifier);
          return { json: { user }, lines: facts(factsOf(user, new Date())) };
        }),
      ),
    );

function factsOf(user: DescribedUser, now: Date): [string, string][] {
  const attributes = Object.entries(user.attributes).map(([name, value]): [string, string] => [name, textOf(value)]);
  return [
    ['User', user.username],
    ['Id', user.id],
    ['E-mail', user.email],
    ['Name', user.name],
    ['Role', user.role],
    ['Status', user.status],
    ['Sign-in', LOCKS[String(user.isLocked)] ?? ''],
    ['Sessions', user.sessions === null ? 'in the memory of the server' : String(user.sessions)],
    ['Last sign-in', user.lastSignIn === null ? 'none recorded' : atAndFromNow(user.lastSignIn, now)],
    ['Created', atAndFromNow(user.createdAt, now)],
    ...attributes,
  ];
}

/** By `isLocked`. */
const LOCKS: Readonly<Record<string, string>> = {
  true: 'delayed after failed attempts; reset with: gatehouse users unlock',
  false: 'not delayed',
  null: 'unknown, because SESSION_SECRET is not known here',
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
