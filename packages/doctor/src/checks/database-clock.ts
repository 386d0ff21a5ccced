import { skipped } from '../check.ts';
import { judgeClock } from '../judge-clock.ts';
import { judgeAnswer, onDatabase } from '../on-database.ts';

/**
 * Each server uses its own clock for sessions, so a session can end earlier or later by the difference between two clocks. All servers
 * compare theirs with the clock of the database or Redis. A difference of more than 2 seconds is a warning, of more than 30 seconds an
 * error. The duration of the query is taken into account. Fix: NTP on both machines.
 */
export const databaseClock = onDatabase('database-clock', ({ clock }) =>
  clock ? judgeAnswer(clock, (reading) => judgeClock('the database', reading)) : skipped('SQLite uses the clock of this machine.'),
);
