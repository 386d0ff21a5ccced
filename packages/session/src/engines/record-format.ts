import { StorageUnavailableError } from '../errors.ts';

/**
 * The format of the session records that this version writes, and the newest one that it reads. Raise it when an older version would
 * misread a record; a field that older versions may ignore needs no new format, because every write keeps fields that it does not know.
 *
 * In every format these keep their meaning, so that older versions can check, list, end and purge the session: handle, user, credential
 * epoch, hashes of the secrets, all times, and the version, which rises when a record gets another format.
 *
 * Stored as `record_format` in databases, as field `fv` in Redis, and as `format` in copies of `cached_db`; absent: 1.
 */
export const RECORD_FORMAT = 1;

/** A newer version of Gatehouse has stored the session. The request gets a 503; the session is neither changed nor ended. */
export class NewerFormatError extends StorageUnavailableError {
  override readonly name = 'NewerFormatError';

  constructor(handle: string, format: number) {
    super(
      `The session ${handle} was stored by a newer version, in format ${format}. This version reads format ${RECORD_FORMAT}. Upgrade this server too.`,
    );
  }
}

/** The format in a stored value; null, undefined or empty: 1. */
export const formatOf = (stored: unknown): number => (stored === null || stored === undefined || stored === '' ? 1 : Number(stored));

/** Also if the value is no number, because only a newer version can have written that. */
export const isNewerFormat = (stored: unknown): boolean => !(formatOf(stored) <= RECORD_FORMAT);

/** @throws NewerFormatError */
export function assertFormat(handle: string, stored: unknown): void {
  if (isNewerFormat(stored)) throw new NewerFormatError(handle, formatOf(stored));
}
