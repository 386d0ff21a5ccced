import type { Engine } from '@gatehouse/session';
import type { StoredSession } from '@gatehouse/session/engine';
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
    .action(
      reporting(({ user, limit }: ListOptions) =>
        withSessions(async ({ engine, accounts, summarize }) => {
          const { live, total } =
            user === undefined ? await firstOfAll(engine, limit) : await firstOfUser(engine, (await requireUser(accounts, user)).id, limit);
          const sessions = live.toSorted((a, b) => b.record.lastActivityAtMs - a.record.lastActivityAtMs).map(summarize);
          const more = total > sessions.length ? [`${sessions.length} of ${total} sessions; --limit ${total} shows all.`] : [];
          const lines = sessions.length === 0 ? ['No live sessions.'] : [...sessionTable(sessions, new Date()), ...more];
          return { json: { sessions, total }, lines };
        }),
      ),
    );

interface Found {
  readonly live: readonly StoredSession[];
  /** Including those beyond the limit. */
  readonly total: number;
}

/** Reads on beyond the limit to count the user's sessions. */
async function firstOfUser(engine: Engine, userId: string, limit: number): Promise<Found> {
  const { sessionsOfUser } = await import('@gatehouse/session/engine');
  const live: StoredSession[] = [];
  let total = 0;
  for await (const session of sessionsOfUser(engine, userId)) {
    total += 1;
    if (live.length < limit) live.push(session);
  }
  return { live, total };
}

async function firstOfAll(engine: Engine, limit: number): Promise<Found> {
  const found: StoredSession[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({ limit: Math.min(limit - found.length, 500), ...(after !== undefined && { after }) });
    found.push(...page.sessions);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return { live: found, total: (await engine.count()).sessions };
}
