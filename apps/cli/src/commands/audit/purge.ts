import type { Accounts } from '@gatehouse/accounts';
import { command, reporting } from '../../command.ts';
import { withAccounts } from '../../local.ts';
import { counted } from '../../terminal/counted.ts';
import { withProgress, type Progress } from '../../terminal/progress.ts';

const BATCH = 1000;

export const auditPurge = () =>
  command('purge', {
    description: 'Remove audit entries that are older than AUDIT_RETENTION. A running server does this regularly.',
    examples: [['gatehouse audit purge', 'from cron, if no server runs']],
  }).action(
    reporting(() =>
      withAccounts(async ({ accounts, settings }) => {
        const { retentionSeconds } = settings.audit;
        if (retentionSeconds === 0) return { json: { removed: 0 }, lines: ['AUDIT_RETENTION is 0: audit entries are kept forever.'] };
        const before = new Date(Date.now() - retentionSeconds * 1000);
        const removed = await withProgress('Removing audit entries', (progress) => purge(accounts, before, progress));
        return { json: { removed }, lines: [`Removed ${counted(removed, 'event')}.`] };
      }),
    ),
  );

/** In batches, so that a running server waits for one batch at most before it can write. */
async function purge(accounts: Accounts, before: Date, progress: Progress): Promise<number> {
  let removed = 0;
  let batch: number;
  do {
    batch = await accounts.purgeActivity({ before, batch: BATCH });
    progress.update((removed += batch));
  } while (batch > 0);
  return removed;
}
