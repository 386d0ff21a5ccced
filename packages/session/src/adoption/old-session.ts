/** What a session of express-session says that is of use here. */
export interface OldSession {
  /** Whoever is signed in, by the name or id that the old app used; undefined: nobody, or nobody we could tell. */
  readonly user: string | undefined;
  readonly expiresAtMs: number;
  /** Its cookie was to end with the browser. */
  readonly untilBrowserCloses: boolean;
}

/** connect-redis gives a session without an expiry of its own a day. */
const DEFAULT_AGE_MS = 86_400_000;

/**
 * A value of connect-redis. undefined: it is none, or its time is over by its own clocks: a touch writes the key's time to
 * live, a save also the cookie's, so the key's counts where there is one.
 */
export function readOldSession(
  text: string,
  { timeToLiveMs, nowMs, userKeys }: { timeToLiveMs: number | undefined; nowMs: number; userKeys: readonly string[] },
): OldSession | undefined {
  const data = parse(text);
  if (!isObject(data) || !isObject(data['cookie'])) return undefined;
  const { expires } = data['cookie'];
  const cookieEndsMs = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
  const ends = timeToLiveMs === undefined ? cookieEndsMs : nowMs + timeToLiveMs;
  const expiresAtMs = Number.isNaN(ends) ? nowMs + DEFAULT_AGE_MS : ends;
  if (expiresAtMs <= nowMs) return undefined;
  const user = userKeys.map((key) => userAt(data, key)).find((value) => value !== undefined);
  return { user, expiresAtMs, untilBrowserCloses: Number.isNaN(cookieEndsMs) };
}

/** Own keys only: what an object inherits was not stored. */
function userAt(data: unknown, path: string): string | undefined {
  let value = data;
  for (const key of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
