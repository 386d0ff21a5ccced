import { command, reporting } from '../command.ts';
import { withSessions } from '../local.ts';
import { counted } from '../terminal/counted.ts';

const BATCH = 1000;

export const clearsessions = () =>
  command('clearsessions', {
    description: 'Remove expired sessions from the storage. They are never served, removed or not; a running server removes them too.',
    examples: [['gatehouse clearsessions', 'by cron, where no server runs']],
  }).action(
    reporting(() =>
      withSessions(async ({ engine }) => {
        let removed = 0;
        // In batches, so that a server that is writing waits for one of them at most.
        for (;;) {
          const batch = await engine.purgeExpired(BATCH);
          if (batch === 0) break;
          removed += batch;
        }
        return {
          json: { removed },
          lines: [`Removed ${counted(removed, 'expired session')}.`],
        };
      }),
    ),
  );
