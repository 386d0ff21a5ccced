import { error, ok, skipped, warning, type Check, type Verdict } from '../check.ts';

/**
 * On a network file system SQLite's locks do not work, which is an error (https://www.sqlite.org/wal.html). A database in memory or in a
 * container's own file system is lost with it: a warning in production. Fix: a local disk, or a volume.
 */
export const sqliteDisk: Check = {
  id: 'sqlite-disk',
  needs: ['DATABASE_URL', 'GATEHOUSE_DATA_DIR'],
  judge({ files, settings: { database, environment } }) {
    if (database.provider !== 'sqlite') return skipped('The database is not SQLite.');
    const kind = files.disk;
    if (kind === undefined) return skipped('There is no file yet, or the system does not say where it lies.');
    const passing = (found: string, mend: string): Verdict => (environment === 'production' ? warning(found, mend) : ok(found));
    switch (kind) {
      case 'network':
        return error(
          'The database file is on a network file system, where SQLite’s locks and shared memory do not hold: it can lose writes or be damaged.',
          'Move it to a local disk, or set DATABASE_URL to MariaDB or PostgreSQL for several machines.',
        );
      case 'memory':
        return passing(
          'The database file is in memory, and gone when this machine restarts.',
          'Move it to a disk: DATABASE_URL or GATEHOUSE_DATA_DIR.',
        );
      case 'container layer':
        return passing(
          'The database file is in the container’s own layer, and gone with the container: accounts and sessions.',
          'Mount a volume, and set GATEHOUSE_DATA_DIR to a folder on it.',
        );
      case 'disk':
        return ok('The file is on a disk of this machine.');
    }
  },
};
