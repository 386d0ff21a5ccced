import { sessionUserSchema, type SessionUser } from '@gatehouse/contract';
import type { LiveSession, SessionRecord } from '../../engine-port.ts';
import { isSessionRecord } from '../is-session-record.ts';
import { parseJson } from '../parse-json.ts';

/** undefined: it is damaged, or of another version that can read it. It is left alone until its age is over, and the database is asked. */
export function openCopy({ record: text, user: copied }: { record: string; user: string }, handle: string): LiveSession | undefined {
  const record = parseJson(text);
  if (!isSessionRecord(record) || record.handle !== handle) return undefined;
  const user = userOf(record, parseJson(copied));
  return user === undefined ? undefined : { record, user };
}

/** undefined: it does not fit today's schema, or is somebody else's. */
function userOf({ userId }: SessionRecord, copied: unknown): SessionUser | null | undefined {
  if (userId === null) return null;
  const { success, data } = sessionUserSchema.safeParse(copied);
  return success && data.id === userId ? data : undefined;
}
