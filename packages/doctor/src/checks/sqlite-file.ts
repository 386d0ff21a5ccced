import { error, ok, skipped } from '../check.ts';
import { judgeAnswer, onDatabase } from '../on-database.ts';

/** Lets SQLite check its whole file, up to 512 MB. A damaged file is an error. Fix: restore a backup. */
export const sqliteFile = onDatabase('sqlite-file', ({ integrity }, { settings }) => {
  if (settings.database.provider !== 'sqlite') return skipped('The database is not SQLite.');
  if (!integrity) return skipped('Not checked at a start, or if larger than 512 MB. To check it: sqlite3 FILE "PRAGMA quick_check"');
  return judgeAnswer(integrity, (answer) =>
    answer === 'ok'
      ? ok('The file is intact.')
      : error(
          `The database file is damaged: ${answer}`,
          'Stop every server, keep a copy of the file, and restore a backup. To recover what is readable: sqlite3 FILE .recover',
        ),
  );
});
