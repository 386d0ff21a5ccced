import { ok, warning, type Check } from '../check.ts';

/**
 * Warns if every user of this machine can read the generated secret, `.env` or the database file. The permissions of the parent folders
 * are taken into account. Fix: `chmod 600`.
 */
export const privateFiles: Check = {
  id: 'private-files',
  needs: ['DATABASE_URL', 'GATEHOUSE_DATA_DIR'],
  judge({ files }) {
    if (files.open.length === 0) return ok('No other user of this machine can read the secret, .env or the database file.');
    return files.open.map((file) => warning(`Every user of this machine can read ${file}.`, `Restrict it: chmod 600 ${quoted(file)}`));
  },
};

const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`);
