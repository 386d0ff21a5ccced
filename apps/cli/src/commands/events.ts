import { setTimeout as sleep } from 'node:timers/promises';
import type { Accounts } from '@gatehouse/accounts';
import { activityKindSchema, type ActivityKind, type AuditEvent } from '@gatehouse/contract';
import { Option } from 'commander';
import { command } from '../command.ts';
import { withAccounts } from '../local.ts';
import { positiveInteger } from '../positive-integer.ts';
import { untilInterrupted } from '../terminal/interrupt.ts';
import { printable } from '../terminal/printable.ts';
import { accountId, eventRow, namesOf } from './events/event-row.ts';
import { followAudit } from './events/follow-audit.ts';

interface EventsOptions {
  readonly follow?: boolean;
  readonly user?: string;
  readonly kind?: ActivityKind;
  readonly session?: string;
  readonly limit: number;
  readonly json?: boolean;
}

const POLL_MS = 1000;

export const events = () =>
  command('events', {
    description:
      'Print the last events of accounts and sessions, oldest first, one per line. With --follow, keep printing new ones as they happen, until Ctrl+C.',
    examples: [
      ['gatehouse events --follow', 'the last 20 and all new ones, by any server'],
      ['gatehouse events --follow --kind sign_in_failed', 'only failed sign-ins'],
      ['gatehouse events --follow --json', 'one event per line as JSON, for a log collector'],
    ],
  })
    .option('-f, --follow', 'keep printing new events')
    .option('--user <identifier>', 'only this account: user name, e-mail address, or the id of a deleted account')
    .addOption(new Option('--kind <kind>', 'only this kind of event').choices(activityKindSchema.options))
    .option('--session <handle>', 'only this session: ses_…')
    .addOption(new Option('--limit <number>', 'number of earlier events').argParser(positiveInteger).default(20))
    // Not `reporting`: lines are printed as they come, so JSON is one document per line.
    .action((options: EventsOptions) =>
      withAccounts(async ({ accounts }) => {
        const filter = {
          userId: options.user === undefined ? undefined : await accountId(accounts, options.user),
          kind: options.kind,
          handle: options.session,
        };
        const next = followAudit({ read: (wanted) => accounts.listAudit(wanted), filter, startedAtMs: Date.now(), now: Date.now });
        const print = printer(accounts, options.json === true);
        // Before the earlier ones are read, so that none is missed between the two.
        if (options.follow === true) await next();
        const { events: earlier } = await accounts.listAudit({ ...filter, limit: options.limit });
        const shown = new Set(earlier.map(({ id }) => id));
        await print(earlier.toReversed());
        if (options.follow !== true) return;
        await untilInterrupted(async (signal) => {
          while (!signal.aborted) {
            await print((await next()).filter(({ id }) => !shown.has(id)));
            await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
          }
        });
      }),
    );

const printer =
  (accounts: Accounts, asJson: boolean) =>
  async (some: readonly AuditEvent[]): Promise<void> => {
    if (some.length === 0) return;
    if (asJson) return void process.stdout.write(some.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const nameOf = await namesOf(accounts, some);
    process.stdout.write(some.map((event) => `${eventRow(event, nameOf).map(printable).join('  ').trimEnd()}\n`).join(''));
  };
