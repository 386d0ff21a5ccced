import { ok, skipped, warning, type Check, type Verdict } from '../check.ts';

const MEND = 'Set DATABASE_URL to MariaDB or PostgreSQL, or run one server.';

export const sqliteProcesses: Check = {
  id: 'sqlite-processes',
  needs: ['DATABASE_URL', 'GATEHOUSE_DATA_DIR', 'SESSION_ENGINE', 'REDIS_URL'],
  judge(facts) {
    const { files, isClusterWorker, settings } = facts;
    if (settings.database.provider !== 'sqlite') return skipped('The database is not SQLite.');
    const found: Verdict[] = [];
    if (settings.session.engine !== 'db' && settings.environment === 'production') {
      found.push(
        warning(
          `Sessions go by Redis (SESSION_ENGINE=${settings.session.engine}), and accounts are in a file of this machine: with a second machine each would have accounts of its own.`,
          'Set DATABASE_URL to MariaDB or PostgreSQL for several machines; for one machine, SESSION_ENGINE=db needs no Redis.',
        ),
      );
    }
    const others = files.otherProcesses;
    // One is the server that is looked at, or the one that this start takes over from.
    if (isClusterWorker || (others !== undefined && others > 1)) {
      found.push(
        warning(
          `${isClusterWorker ? 'Several workers' : `${others} processes`} have the SQLite file open: it stays whole, but they wait for each other to write.`,
          MEND,
        ),
      );
    }
    if (found.length > 0) return found;
    return others === undefined
      ? skipped('There is no file yet, or this system does not say who has it open.')
      : ok(others === 0 ? 'Nobody else has the file open.' : 'One other process has the file open.');
  },
};
