import { command, reporting } from '../command.ts';
import { withSessions } from '../local.ts';
import { counted } from '../terminal/counted.ts';

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
        const { removed } = await purgeAll(engine, { batch: BATCH });
        return {
          json: { removed },
          lines: [`Removed ${counted(removed, 'expired session')}.`],
        };
      }),
    ),
  );
