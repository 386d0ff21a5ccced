import { skipped } from '../check.ts';
import { judgeClock } from '../judge-clock.ts';
import { answered, onDatabase } from '../on-database.ts';

export const databaseClock = onDatabase('database-clock', ({ clock }) =>
  clock ? answered(clock, (reading) => judgeClock('the database', reading)) : skipped('SQLite goes by the clock of this machine.'),
);
