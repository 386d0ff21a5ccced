import type { DescribedSession } from '../../administration/administration.ts';
import { serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { noSession } from '../../require-session.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { printable } from '../../terminal/printable.ts';
import { facts } from '../../terminal/table.ts';
import { atAndFromNow } from '../../terminal/time.ts';

export const sessionsShow = () =>
  command('show', {
    description:
      'Show one session and its decoded data, without values that are secrets by their name or form. The secret in its cookie is not stored.',
    examples: [['gatehouse sessions show ses_…', 'a handle from `gatehouse sessions list`']],
  })
    .argument('<handle>', 'public id of the session, ses_…')
    .addOption(serverOption())
    .action(
      reporting((handle: string, options: ServerOptions) =>
        withAdministration({ ...options, sessions: true }, async (admin) => {
          const found = await admin.describeSession(handle);
          if (!found) throw noSession(handle);
          const { session, data, hidden } = found;
          return {
            json: { session, data, ...(hidden.length > 0 && { hidden }) },
            lines: [...facts(factsOf(session, new Date())), '', 'Data', ...dataLines(found)],
          };
        }),
      ),
    );

const factsOf = ({ user, ...session }: DescribedSession['session'], now: Date): [string, string][] => [
  ['Session', session.handle],
  ['User', user ? `${user.name} (${user.username}), ${user.role}` : 'anonymous'],
  ['Created', atAndFromNow(session.created, now)],
  ['Last active', atAndFromNow(session.lastActivity, now)],
  ['Expires', atAndFromNow(session.expires, now)],
  ['Expires at the latest', atAndFromNow(session.absoluteExpires, now)],
  ['Address', session.ip ?? '-'],
  ['Browser', session.userAgent ?? '-'],
];

const dataLines = ({ data, hidden }: DescribedSession): string[] => [
  ...JSON.stringify(data, null, 2).split('\n').map(printable),
  ...(hidden.length > 0 ? [`Not shown, because they may be secrets or are very long: ${printable(hidden.join(', '))}`] : []),
];
