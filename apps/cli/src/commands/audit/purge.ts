import { command, reporting } from '../../command.ts';
import { withAccounts } from '../../local.ts';
import { counted } from '../../terminal/counted.ts';

const BATCH = 1000;

export const purge = () =>
  command('purge', {
    description: 'Remove what is older than AUDIT_RETENTION from the audit trail. A running server removes it too.',
    examples: [['gatehouse audit purge', 'by cron, where no server runs']],
  }).action(
    reporting(() =>
      withAccounts(async ({ accounts, settings }) => {
        const { retentionSeconds } = settings.audit;
        if (retentionSeconds === 0) return { json: { removed: 0 }, lines: ['AUDIT_RETENTION is 0: the audit trail is kept.'] };
        const before = new Date(Date.now() - retentionSeconds * 1000);
        let removed = 0;
        // In batches, so that a server that is writing waits for one of them at most.
        for (let batch = -1; batch !== 0; removed += Math.max(0, batch)) batch = await accounts.purgeActivity({ before, batch: BATCH });
        return { json: { removed }, lines: [`Removed ${counted(removed, 'event')}.`] };
      }),
    ),
  );
