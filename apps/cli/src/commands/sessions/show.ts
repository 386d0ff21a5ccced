import { command, reporting } from '../../command.ts';
import { withSessions } from '../../local.ts';
import { requireSession } from '../../require-session.ts';
import { printable } from '../../terminal/printable.ts';
import { facts } from '../../terminal/table.ts';
import { atAndFromNow } from '../../terminal/time.ts';

export const sessionsShow = () =>
  command('show', {
    description: 'Show one session and its data. The secret in its cookie is not stored, so it cannot be shown.',
    examples: [['gatehouse sessions show ses_…', 'a handle from `gatehouse sessions list`']],
  })
    .argument('<handle>', 'public id of the session, ses_…')
    .action(
      reporting((handle: string) =>
        withSessions(async ({ engine, summarize }) => {
          const session = await requireSession(engine, handle);
          const summary = summarize(session);
          const { data } = session.record;
          const now = new Date();
          const { user } = summary;
          return {
            json: { session: summary, data },
            lines: [
              ...facts([
                ['Session', summary.handle],
                ['User', user ? `${user.name} (${user.username}, ${user.email}), ${user.role}` : 'anonymous'],
                ['Created', atAndFromNow(summary.created, now)],
                ['Last active', atAndFromNow(summary.lastActivity, now)],
                ['Expires', atAndFromNow(summary.expires, now)],
                ['Expires at the latest', atAndFromNow(summary.absoluteExpires, now)],
                ['Address', summary.ip ?? '-'],
                ['Browser', summary.userAgent ?? '-'],
              ]),
              '',
              'Data',
              ...JSON.stringify(data, null, 2).split('\n').map(printable),
            ],
          };
        }),
      ),
    );
