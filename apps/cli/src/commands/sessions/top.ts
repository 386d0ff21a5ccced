import { Option } from 'commander';
import type { Administration } from '../../administration/administration.ts';
import { serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { explainError } from '../../explain-error.ts';
import { positiveInteger } from '../../positive-integer.ts';
import type { Report } from '../../report.ts';
import type { ServerOptions } from '../../server-connection.ts';
import { sessionTable } from '../../session-summary.ts';
import { untilInterrupted } from '../../terminal/interrupt.ts';
import { hasScreen, liveScreen } from '../../terminal/live-screen.ts';

interface TopOptions extends ServerOptions {
  readonly interval: number;
  readonly limit: number;
  readonly json?: boolean;
}

export const sessionsTop = () =>
  command('top', {
    description:
      'Show who is signed in now, most recently used first, and update the list until q is pressed. Without a terminal, print it once.',
    examples: [
      ['gatehouse sessions top', 'again every 2 seconds; q ends it'],
      ['gatehouse sessions top --interval 10', 'again every 10 seconds'],
      ['gatehouse sessions top | head', 'once'],
    ],
  })
    .addOption(new Option('--interval <seconds>', 'time between two updates').argParser(positiveInteger).default(2))
    .addOption(new Option('--limit <number>', 'maximum number of sessions that are read').argParser(positiveInteger).default(1000))
    .addOption(serverOption())
    .action(
      reporting((options: TopOptions) =>
        withAdministration({ ...options, sessions: true }, async (admin) => {
          if (options.json === true || !hasScreen()) return look(admin, options);
          await untilInterrupted((signal) =>
            liveScreen({ intervalMs: options.interval * 1000, signal, render: async () => linesOf(admin, options) }),
          );
          return { json: {}, lines: [] };
        }),
      ),
    );

async function look(admin: Administration, { limit }: TopOptions): Promise<Report> {
  const now = new Date();
  const { sessions, total } = await admin.listSessions({ limit });
  const users = new Set(sessions.flatMap(({ user }) => user?.id ?? [])).size;
  const isPart = total === null || total > sessions.length;
  const heading = isPart
    ? `${now.toISOString()}  ${sessions.length} of ${total ?? 'more than 1,000'} sessions; --limit shows more`
    : `${now.toISOString()}  sessions: ${sessions.length}  users: ${users}`;
  return {
    json: { at: now, total, sessions },
    lines: [heading, '', ...(sessions.length === 0 ? ['No live sessions.'] : sessionTable(sessions, now))],
  };
}

/** An outage of the storage is shown, and ends nothing. */
async function linesOf(admin: Administration, options: TopOptions): Promise<readonly string[]> {
  try {
    return (await look(admin, options)).lines;
  } catch (error) {
    return [explainError(error).message, '', 'Trying again.'];
  }
}
