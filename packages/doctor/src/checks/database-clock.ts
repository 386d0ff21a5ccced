import { skipped } from '../check.ts';
import { judgeClock } from '../judge-clock.ts';
import { answered, onDatabase } from '../on-database.ts';

/**
 * Each server judges sessions by its own clock, so a session can end earlier or later by the difference between two of them. The clocks of
 * database and Redis are the ones that all servers can see. A difference of more than 2 seconds is a warning, more than 30 an error; the
 * duration of the query is allowed for. Fix: NTP on both machines.
 */
export const databaseClock = onDatabase('database-clock', ({ clock }) =>
  clock ? answered(clock, (reading) => judgeClock('the database', reading)) : skipped('SQLite goes by the clock of this machine.'),
);
