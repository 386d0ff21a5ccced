/** When the browser's session expires. Shared by all tabs, and kept while the browser is closed. */
export interface ExpiryStore {
  /** @param expiresAtMs epoch milliseconds by the client's clock */
  readonly save: (expiresAtMs: number) => void;
  readonly clear: () => void;
  /** A session was saved, its user did not sign out, and it has expired. */
  readonly isExpired: () => boolean;
}

/**
 * Browsers delete a cookie when it expires, so the server then sees a request without a session and can only answer "sign in". Only
 * the browser knows that the session expired.
 *
 * @param url address of the router: two apps below different paths of one host have different sessions
 */
export function createExpiryStore(url: string, now: () => number = Date.now): ExpiryStore {
  const key = `gatehouse:session-ends:${url}`;
  /** Fallback for when local storage is blocked. */
  let inMemory: string | null = null;
  const inStorage = <Result>(use: (storage: Storage) => Result): Result | undefined => {
    try {
      return typeof localStorage === 'undefined' ? undefined : use(localStorage);
    } catch {
      return undefined;
    }
  };
  return {
    save(expiresAtMs) {
      inMemory = String(expiresAtMs);
      inStorage((storage) => storage.setItem(key, String(expiresAtMs)));
    },
    clear() {
      inMemory = null;
      inStorage((storage) => storage.removeItem(key));
    },
    isExpired() {
      const stored = inStorage((storage) => storage.getItem(key)) ?? inMemory;
      return stored !== null && now() >= Number(stored);
    },
  };
}
