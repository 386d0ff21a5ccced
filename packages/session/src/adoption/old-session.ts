import { parseJson } from '../engines/parse-json.ts';

/** The parts of an express-session session that adoption uses. */
export interface OldSession {
  /** Name or id of the signed-in user in the old app; undefined: nobody, or not recognizable. */
  readonly user: string | undefined;
  readonly expiresAtMs: number;
  /** The cookie was valid until the browser closes. */
  readonly untilBrowserCloses: boolean;
}

/** connect-redis keeps a session without an expiry for a day. */
const DEFAULT_AGE_MS = 86_400_000;

/**
 * Reads a value of connect-redis; undefined if it is invalid or expired. A touch updates the key's time to live, a save
 * also the cookie's expiry, so the key's time to live takes precedence.
 */
export function readOldSession(
  text: string,
  { timeToLiveMs, nowMs, userKeys }: { timeToLiveMs: number | undefined; nowMs: number; userKeys: readonly string[] },
): OldSession | undefined {
  const data = parseJson(text);
  if (!isObject(data) || !isObject(data['cookie'])) return undefined;
  const { expires } = data['cookie'];
  const cookieEndsMs = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
  const ends = timeToLiveMs === undefined ? cookieEndsMs : nowMs + timeToLiveMs;
  const expiresAtMs = Number.isNaN(ends) ? nowMs + DEFAULT_AGE_MS : ends;
  if (expiresAtMs <= nowMs) return undefined;
  const user = userKeys.map((key) => userAt(data, key)).find((value) => value !== undefined);
  return { user, expiresAtMs, untilBrowserCloses: Number.isNaN(cookieEndsMs) };
}

/** Own keys only; inherited ones were not stored. */
function userAt(data: unknown, path: string): string | undefined {
  let value = data;
  for (const key of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
