import type { StoredSession } from '../../engine-port.ts';
import { isSessionRecord } from '../is-session-record.ts';
import { isNewerFormat } from '../record-format.ts';
import { parseJson } from '../parse-json.ts';
import { readUserCopy } from '../redis/user-copy.ts';

/**
 * undefined if the copy is damaged or was written by another version. It is then left alone until it expires, and the
 * database is read.
 */
export function openCopy({ record: text, user: copied }: { record: string; user: string }, handle: string): StoredSession | undefined {
  const record = parseJson(text);
  if (!isSessionRecord(record) || isNewerFormat((record as { format?: unknown }).format) || record.handle !== handle) return undefined;
  const user = record.userId === null ? null : readUserCopy(copied, record.userId);
  return user === undefined ? undefined : { record, user };
}
