import type { Engine } from '@gatehouse/session';
import { command, reporting } from '../command.ts';
import { withSessions } from '../local.ts';
import { counted } from '../terminal/counted.ts';
import { withProgress, type Progress } from '../terminal/progress.ts';

/** Larger than a server's batch, because no request waits for this process. In a batch of this size a row costs half as much. */
const BATCH = 4000;

export const clearsessions = () =>
  command('clearsessions', {
    description:
      'Remove expired sessions from the storage. A running server does this regularly. An expired session is never valid, even before it is removed.',
    examples: [['gatehouse clearsessions', 'from cron, if SESSION_PURGE_INTERVAL is 0 or no server runs']],
  }).action(
    reporting(() =>
      withSessions(async ({ engine }) => {
        const { purgeAll } = await import('@gatehouse/session/engine');
        // Does not wait for the servers' purge lease: the user asked for a purge, and concurrent purges remove each session once.
        const { removed } = await withProgress('Removing expired sessions', (progress) =>
          purgeAll(counting(engine, progress), { batch: BATCH }),
        );
        return {
          json: { removed },
          lines: [`Removed ${counted(removed, 'expired session')}.`],
        };
      }),
    ),
  );

function counting(engine: Engine, progress: Progress): Pick<Engine, 'purgeExpired'> {
  let removed = 0;
  return {
    async purgeExpired(batch) {
      const some = await engine.purgeExpired(batch);
      progress.update((removed += some));
      return some;
    },
  };
}
