import { sessionUserSchema, type SessionUser } from '@gatehouse/contract';
import { isObject, parseJson } from '../parse-json.ts';

/**
 * Two versions that cannot read each other's copies overwrite them at most this often; in between they read the
 * database. Milliseconds.
 */
const RENEWAL_INTERVAL_MS = 600_000;

/** The user in a stored copy; undefined if it does not match the current schema or is another user's. */
export function readUserCopy(text: string, userId: string): SessionUser | undefined {
  const { success, data } = sessionUserSchema.safeParse(parseJson(text));
  return success && data.id === userId ? data : undefined;
}

/**
 * The copy to store instead of one that this version cannot read; undefined: leave it. Fields of another version are
 * kept, so that the copy works for both versions during a rolling update.
 */
export function renewedUserCopy(text: string, user: SessionUser, nowMs: number): string | undefined {
  const old = parseJson(text);
  const kept = isObject(old) && old['id'] === user.id ? old : {};
  const { renewedAtMs } = kept;
  if (typeof renewedAtMs === 'number' && Math.abs(nowMs - renewedAtMs) < RENEWAL_INTERVAL_MS) return undefined;
  return JSON.stringify({ ...kept, ...user, renewedAtMs: nowMs });
}
