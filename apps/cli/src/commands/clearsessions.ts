import { command, reporting } from '../command.ts';
import { withSessions } from '../local.ts';
import { counted } from '../terminal/counted.ts';

/** Nobody waits for an answer of this process, so its steps are longer than a server's: each row costs half as much. */
const BATCH = 4000;

export const clearsessions = () =>
  command('clearsessions', {
    description: 'Remove expired sessions from the storage. They are never served, removed or not; a running server removes them too.',
    examples: [['gatehouse clearsessions', 'by cron, where SESSION_PURGE_INTERVAL is 0 or no server runs']],
  }).action(
    reporting(() =>
      withSessions(async ({ engine }) => {
        const { purgeAll } = await import('@gatehouse/session/engine');
        // Whoever holds the servers' lease: it was asked for, and two purges at once remove each session once.
        const { removed } = await purgeAll(engine, { batch: BATCH });
        return {
          json: { removed },
          lines: [`Removed ${counted(removed, 'expired session')}.`],
        };
      }),
    ),
  );
