import { engineEntry } from '@gatehouse/session/registry';
import { ok, skipped, warning, type Check, type Verdict } from '../check.ts';

const MEND = 'Set DATABASE_URL to MariaDB or PostgreSQL, or run one server.';

/**
 * Warns if several servers use one file, which is safe, but each write waits for the others; and if sessions are in Redis while accounts
 * are in a file, because a second machine would have its own accounts. Fix: MariaDB or PostgreSQL. Only Linux tells which processes have a
 * file open.
 */
export const sqliteProcesses: Check = {
  id: 'sqlite-processes',
  needs: ['DATABASE_URL', 'GATEHOUSE_DATA_DIR', 'SESSION_ENGINE', 'REDIS_URL'],
  judge(facts) {
    const { files, isClusterWorker, settings } = facts;
    if (settings.database.provider !== 'sqlite') return skipped('The database is not SQLite.');
    const found: Verdict[] = [];
    if (engineEntry(settings.session.engine).needs.redis && settings.environment === 'production') {
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
