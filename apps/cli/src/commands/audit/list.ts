import type { Accounts } from '@gatehouse/accounts';
import { activityKindSchema, type ActivityKind, type AuditEvent } from '@gatehouse/contract';
import { InvalidArgumentError, Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { withAccounts } from '../../local.ts';
import { positiveInteger } from '../../positive-integer.ts';
import { table } from '../../terminal/table.ts';
import { accountId, EVENT_TITLES, eventRow, namesOf } from '../events/event-row.ts';

interface ListOptions {
  readonly user?: string;
  readonly kind?: ActivityKind;
  readonly since?: Date;
  readonly limit: number;
  readonly jsonLines?: boolean;
}

export const auditList = () =>
  command('list', {
    description: 'List what happened to accounts and sessions, and who did it, newest first.',
    examples: [
      ['gatehouse audit list', 'the last 50 events'],
      ['gatehouse audit list --user ada --since 2026-11-01', 'the events of one account since that date'],
      ['gatehouse audit list --kind role_changed --json', 'as JSON, for a script'],
      ['gatehouse audit list --limit 100000 --json-lines', 'one event per line, for a log collector'],
    ],
  })
    .option('--user <identifier>', 'only this account: user name, e-mail address, or the id of a deleted account')
    .addOption(new Option('--kind <kind>', 'only this kind of event').choices(activityKindSchema.options))
    .addOption(new Option('--since <date>', 'only from this time on: 2026-11-24 or 2026-11-24T09:00Z').argParser(date))
    .addOption(new Option('--limit <number>', 'maximum number of events').argParser(positiveInteger).default(50))
    .option('--json-lines', 'print each event as one line of JSON')
    .action(
      reporting((options: ListOptions) =>
        withAccounts(async ({ accounts }) => {
          const events = await latestEvents(accounts, options);
          if (options.jsonLines) return { json: { events }, lines: events.map((event) => JSON.stringify(event)) };
          if (events.length === 0) return { json: { events }, lines: ['No matching events.'] };
          return { json: { events }, lines: await eventTable(accounts, events) };
        }),
      ),
    );

async function latestEvents(accounts: Accounts, { user, kind, since, limit }: ListOptions): Promise<AuditEvent[]> {
  const userId = user === undefined ? undefined : await accountId(accounts, user);
  const events: AuditEvent[] = [];
  let before: { at: Date; id: string } | undefined;
  do {
    const page = await accounts.listAudit({ userId, kind, since, before, limit: limit - events.length });
    events.push(...page.events);
    before = page.next ?? undefined;
  } while (before && events.length < limit);
  return events;
}

async function eventTable(accounts: Accounts, events: readonly AuditEvent[]): Promise<string[]> {
  const nameOf = await namesOf(accounts, events);
  return table(
    EVENT_TITLES,
    events.map((event) => eventRow(event, nameOf)),
  );
}

function date(text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('Expected a date, such as 2026-11-24.');
  return time;
}
