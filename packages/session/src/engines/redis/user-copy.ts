import { sessionUserSchema, type SessionUser } from '@gatehouse/contract';

/** Of two versions that cannot read each other's copies, each writes its own no more often than this; meanwhile it asks the database. */
const RENEWAL_INTERVAL_MS = 600_000;

/** The user in a stored copy; undefined where it does not fit today's schema, or is somebody else's. */
export function readUserCopy(text: string, userId: string): SessionUser | undefined {
  const { success, data } = sessionUserSchema.safeParse(parsed(text));
  return success && data.id === userId ? data : undefined;
}

/**
 * The copy to write in place of one that does not fit; undefined: none. What another version keeps beside our own keys stays, so that the
 * copy fits both while servers of two versions run.
 */
export function renewedUserCopy(text: string, user: SessionUser, nowMs: number): string | undefined {
  const old = parsed(text);
  const kept = isObject(old) && old['id'] === user.id ? old : {};
  const { renewedAtMs } = kept;
  if (typeof renewedAtMs === 'number' && Math.abs(nowMs - renewedAtMs) < RENEWAL_INTERVAL_MS) return undefined;
  return JSON.stringify({ ...kept, ...user, renewedAtMs: nowMs });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
