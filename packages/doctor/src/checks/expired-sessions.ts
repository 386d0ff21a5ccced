import { ok, skipped, warning } from '../check.ts';
import { EXPIRED_LIMIT } from '../facts/database-facts.ts';
import { answered, onDatabase } from '../on-database.ts';

export const expiredSessions = onDatabase('expired-sessions', ({ expired }, { settings }) => {
  if (settings.session.engine === 'redis') return skipped('Redis removes them by itself.');
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
