import { Option } from 'commander';
import type { Administration, SessionList } from '../../administration/administration.ts';
import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { positiveInteger } from '../../positive-integer.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { sessionTable } from '../../session-summary.ts';

interface ListOptions extends ServerOptions {
  readonly user?: string;
  readonly limit: number;
}

export const sessionsList = () =>
  command('list', {
    description: 'List live sessions, most recently used first.',
    examples: [
      ['gatehouse sessions list', 'the first 50'],
      ['gatehouse sessions list --user ada', 'the sessions of one user'],
      ['gatehouse sessions list --limit 1000 --json', 'as JSON, for a script'],
    ],
  })
    .option('--user <identifier>', 'only this user: user name or e-mail address')
    .addOption(new Option('--limit <number>', 'maximum number of sessions').argParser(positiveInteger).default(50))
    .addOption(serverOption())
    .action(
      reporting((options: ListOptions) =>
        withAdministration({ ...options, sessions: true }, async (admin) => {
          const { sessions, total } = await listed(admin, options);
          const lines =
            sessions.length === 0 ? ['No live sessions.'] : [...sessionTable(sessions, new Date()), ...more(sessions.length, total)];
          return { json: { sessions, total }, lines };
        }),
      ),
    );

async function listed(admin: Administration, { user, limit }: ListOptions): Promise<SessionList> {
  const userId = user === undefined ? undefined : (await requireUserOf(admin, user)).id;
  return admin.listSessions({ userId, limit });
}

function more(shown: number, total: number | null): string[] {
  if (total === null) return [`The first ${shown} sessions; a higher --limit shows more.`];
  return total > shown ? [`${shown} of ${total} sessions; --limit ${total} shows all.`] : [];
}
