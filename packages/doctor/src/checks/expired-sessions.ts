import { engineEntry } from '@gatehouse/session/registry';
import { ok, skipped, warning } from '../check.ts';
import { EXPIRED_LIMIT } from '../facts/database-facts.ts';
import { judgeAnswer, onDatabase } from '../on-database.ts';

/**
 * Warns if at least 1000 stored sessions expired more than a day ago, so nothing deletes them. They are no longer valid, but use space.
 * Fix: run `gatehouse clearsessions`, from cron if no server runs all the time.
 */
export const expiredSessions = onDatabase('expired-sessions', ({ expired, migrations }, { settings }) => {
  if (engineEntry(settings.session.engine).sessionsIn !== 'database') return skipped('Sessions are not in the database.');
  if (!expired) return skipped('Not counted when the server starts.');
  if (!expired.ok && migrations.ok && migrations.value.pending.length > 0) return skipped('Migrations are not applied yet.');
  return judgeAnswer(expired, (count) =>
    count < EXPIRED_LIMIT
      ? ok('Expired sessions are being deleted.')
      : warning(
          `At least ${EXPIRED_LIMIT} sessions expired more than a day ago and are still stored. They are no longer valid, but use space.`,
          'Run gatehouse clearsessions. A running server does it every hour; if none runs all the time, use cron.',
        ),
  );
});
