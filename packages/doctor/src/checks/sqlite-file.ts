import { error, ok, skipped } from '../check.ts';
import { answered, onDatabase } from '../on-database.ts';

/** SQLite checks its whole file (up to 512 MB). A damaged file is an error. Fix: restore a backup. */
export const sqliteFile = onDatabase('sqlite-file', ({ integrity }, { settings }) => {
  if (settings.database.provider !== 'sqlite') return skipped('The database is not SQLite.');
  if (!integrity) return skipped('Not read at a start, nor where it is larger than 512 MB: sqlite3 FILE "PRAGMA quick_check"');
  return answered(integrity, (answer) =>
    answer === 'ok'
      ? ok('The file is whole, and kept with a write-ahead log.')
      : error(
          `The database file is damaged: ${answer}`,
          'Stop every server, keep a copy of the file, and restore it from a backup (or save what can be read: sqlite3 FILE .recover).',
        ),
  );
});
