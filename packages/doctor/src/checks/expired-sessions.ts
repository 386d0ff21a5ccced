import { engineEntry } from '@gatehouse/session/registry';
import { ok, skipped, warning } from '../check.ts';
import { EXPIRED_LIMIT } from '../facts/database-facts.ts';
import { answered, onDatabase } from '../on-database.ts';

/**
 * Warns if at least a thousand stored sessions expired more than a day ago: nothing removes them. They are never served. Fix: `gatehouse
 * clearsessions`, by cron if no server runs all the time.
 */
export const expiredSessions = onDatabase('expired-sessions', ({ expired }, { settings }) => {
  if (engineEntry(settings.session.engine).sessionsIn !== 'database') return skipped('Sessions are not in the database.');
  if (!expired) return skipped('Not counted at a start.');
  return answered(expired, (count) =>
    count < EXPIRED_LIMIT
      ? ok('Expired sessions are being removed.')
      : warning(
          `${EXPIRED_LIMIT} sessions and more expired over a day ago and are still stored: nothing removes them. They are never served, but take room.`,
          'Run gatehouse clearsessions once. A running server does so every hour; where none runs all the time, let cron do it.',
        ),
  );
});
