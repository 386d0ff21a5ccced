import { error, ok, skipped, warning, type Check, type Verdict } from '../check.ts';

/**
 * A SQLite file on a network file system is an error, because SQLite's locks do not work there (https://www.sqlite.org/wal.html). Warns in
 * production if the file is in memory or in a container's own file system, because it is lost with them. Fix: a local disk or a volume.
 */
export const sqliteDisk: Check = {
  id: 'sqlite-disk',
  needs: ['DATABASE_URL', 'GATEHOUSE_DATA_DIR'],
  judge({ files, settings: { database, environment } }) {
    if (database.provider !== 'sqlite') return skipped('The database is not SQLite.');
    const kind = files.disk;
    if (kind === undefined) return skipped('There is no file yet, or the type of its file system is unknown.');
    const temporary = (found: string, fix: string): Verdict => (environment === 'production' ? warning(found, fix) : ok(found));
    switch (kind) {
      case 'network':
        return error(
          'The database file is on a network file system, where SQLite’s locks and shared memory do not work: writes can be lost and the file damaged.',
          'Move it to a local disk, or use MariaDB or PostgreSQL for several machines (DATABASE_URL).',
        );
      case 'memory':
        return temporary(
          'The database file is in memory and is lost when this machine restarts.',
          'Move it to a disk with DATABASE_URL or GATEHOUSE_DATA_DIR.',
        );
      case 'container layer':
        return temporary(
          'The database file is in the container’s own file system. Accounts and sessions are lost with the container.',
          'Mount a volume, and set GATEHOUSE_DATA_DIR to a folder on it.',
        );
      case 'disk':
        return ok('The file is on a disk of this machine.');
    }
  },
};
