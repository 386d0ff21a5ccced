import type { Engine } from '@gatehouse/session';
import type { LiveSession } from '@gatehouse/session/engine';
import { Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { withSessions } from '../../local.ts';
import { positiveInteger } from '../../positive-integer.ts';
import { sessionTable } from '../../session-summary.ts';
import { requireUser } from '../../require-user.ts';

interface ListOptions {
  readonly user?: string;
  readonly limit: number;
}

export const list = () =>
  command('list', {
    description: 'List live sessions, the latest activity first.',
    examples: [
      ['gatehouse sessions list', 'the first 50'],
      ['gatehouse sessions list --user ada', 'those of one user'],
      ['gatehouse sessions list --limit 1000 --json', 'for a program'],
    ],
  })
    .option('--user <identifier>', 'of this user only: user name or e-mail address')
    .addOption(new Option('--limit <number>', 'at most so many').argParser(positiveInteger).default(50))
    .action(
      reporting(({ user, limit }: ListOptions) =>
        withSessions(async ({ engine, accounts, summarise }) => {
          const { live, total } =
            user === undefined ? await firstOfAll(engine, limit) : await firstOfUser(engine, (await requireUser(accounts, user)).id, limit);
          const sessions = live.toSorted((a, b) => b.record.lastActivityAtMs - a.record.lastActivityAtMs).map(summarise);
          const more = total > sessions.length ? [`${sessions.length} of ${total} sessions; --limit ${total} shows all.`] : [];
          const lines = sessions.length === 0 ? ['No live sessions.'] : [...sessionTable(sessions, new Date()), ...more];
          return { json: { sessions, total }, lines };
        }),
      ),
    );

interface Found {
  readonly live: readonly LiveSession[];
  /** With those that are not in `live`. */
  readonly total: number;
}

/** Counts the others as it passes them: their number is of no use to anybody else. */
async function firstOfUser(engine: Engine, userId: string, limit: number): Promise<Found> {
  const { sessionsOfUser } = await import('@gatehouse/session/engine');
  const live: LiveSession[] = [];
  let total = 0;
  for await (const session of sessionsOfUser(engine, userId)) {
    total += 1;
    if (live.length < limit) live.push(session);
  }
  return { live, total };
}

async function firstOfAll(engine: Engine, limit: number): Promise<Found> {
  const found: LiveSession[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({ limit: Math.min(limit - found.length, 500), ...(after !== undefined && { after }) });
    found.push(...page.sessions);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return { live: found, total: (await engine.count()).sessions };
}
