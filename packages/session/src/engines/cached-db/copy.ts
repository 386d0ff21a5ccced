import { sessionUserSchema, type SessionUser } from '@gatehouse/contract';
import type { LiveSession, SessionRecord } from '../../engine-port.ts';

/** What lies in the cache under a session's name. */
export type Copy =
  | { readonly status: 'none' }
  | { readonly status: 'ours'; readonly session: LiveSession }
  /** Of another version, which can read it: it is left alone until its age is over, and the database asked meanwhile. */
  | { readonly status: 'other' };

/** A copy of an earlier era, and what is no copy of ours, is none. */
export function openCopy(value: string | null | undefined, key: string, era: string): Copy {
  const copy = parsed(value ?? '');
  if (!isObject(copy) || copy['era'] !== era || !isObject(copy['record']) || copy['record']['key'] !== key) return { status: 'none' };
  const record = copy['record'];
  if (!isRecord(record)) return { status: 'other' };
  const user = userOf(record, copy['user']);
  return user === undefined ? { status: 'other' } : { status: 'ours', session: { record, user } };
}

/** undefined: it does not fit today's schema, or is somebody else's. */
function userOf({ userId }: SessionRecord, copied: unknown): SessionUser | null | undefined {
  if (userId === null) return null;
  const { success, data } = sessionUserSchema.safeParse(copied);
  return success && data.id === userId ? data : undefined;
}

/** By hand, because this runs for every request. */
function isRecord(record: object): record is SessionRecord {
  const { handle, userId, credentialEpoch, data, version, ip, userAgent, ...times } = record as { [Name in keyof SessionRecord]?: unknown };
  const { createdAtMs, renewedAtMs, lastActivityAtMs, expiresAtMs, customAgeSeconds, fixedExpiryMs } = times;
  return (
    typeof handle === 'string' &&
    [userId, ip, userAgent].every((text) => text === null || typeof text === 'string') &&
    [credentialEpoch, version, createdAtMs, renewedAtMs, lastActivityAtMs, expiresAtMs].every(Number.isSafeInteger) &&
    [customAgeSeconds, fixedExpiryMs].every((number) => number === null || Number.isSafeInteger(number)) &&
    isObject(data) &&
    !Array.isArray(data)
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
