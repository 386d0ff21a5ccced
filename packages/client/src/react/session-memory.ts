const KEY = 'gatehouse:session-ends';

/** When the session of this browser ends, for when its cookie is gone; shared by the tabs, and kept while the browser is closed. */
export interface SessionMemory {
  /** Epoch milliseconds of this computer's clock. */
  readonly note: (endsAtMs: number) => void;
  readonly forget: () => void;
  /** There was a session, nobody signed out of it, and its time is over. */
  readonly isExpired: () => boolean;
}

/**
 * A browser drops a cookie the moment its session is over, so the server is asked by nobody and can only say "sign in". That the session
 * expired is known to the browser alone.
 */
export function openSessionMemory(now: () => number = Date.now): SessionMemory {
  /** Where storage is switched off. */
  let here: string | null = null;
  const inStorage = <Result>(use: (storage: Storage) => Result): Result | undefined => {
    try {
      return typeof localStorage === 'undefined' ? undefined : use(localStorage);
    } catch {
      return undefined;
    }
  };
  return {
    note(endsAtMs) {
      here = String(endsAtMs);
      inStorage((storage) => storage.setItem(KEY, String(endsAtMs)));
    },
    forget() {
      here = null;
      inStorage((storage) => storage.removeItem(KEY));
    },
    isExpired() {
      const stored = inStorage((storage) => storage.getItem(KEY)) ?? here;
      return stored !== null && now() >= Number(stored);
    },
  };
}
