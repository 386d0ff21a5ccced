import { engineEntry } from '@gatehouse/session/registry';
import { ok, skipped, warning, type Check, type Verdict } from '../check.ts';

const FIX = 'Use MariaDB or PostgreSQL (DATABASE_URL), or run one server.';

/**
 * Warns if several servers use one file, which is safe, but writes wait for each other; and if sessions are in Redis while accounts are in
 * a file, because a second machine would have its own accounts. Fix: MariaDB or PostgreSQL. Which processes have the file open is only known
 * on Linux.
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
          `Sessions are in Redis (SESSION_ENGINE=${settings.session.engine}), but accounts are in a file on this machine: a second machine would have its own accounts.`,
          'For several machines, set DATABASE_URL to MariaDB or PostgreSQL. For one machine, SESSION_ENGINE=db needs no Redis.',
        ),
      );
    }
    const others = files.otherProcesses;
    // One other process is expected: the running server, or during a start the one that it replaces.
    if (isClusterWorker || (others !== undefined && others > 1)) {
      found.push(
        warning(
          `${isClusterWorker ? 'Several workers' : `${others} processes`} have the SQLite file open. That is safe, but their writes wait for each other.`,
          FIX,
        ),
      );
    }
    if (found.length > 0) return found;
    return others === undefined
      ? skipped('There is no file yet, or this system does not tell which processes have it open.')
      : ok(others === 0 ? 'No other process has the file open.' : 'One other process has the file open.');
  },
};
