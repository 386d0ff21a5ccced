/** The storage failed or timed out. The request gets a 503; the session is unchanged. */
export class StorageUnavailableError extends Error {
  override readonly name: string = 'StorageUnavailableError';
  readonly code = 'STORAGE_UNAVAILABLE';
}

/** The session was ended while the request ran. The request's changes are not stored. Answered with 401. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
  readonly code = 'SESSION_ENDED';

  constructor() {
    super('The session was ended while this request was running.');
  }
}

/**
 * Another request of the same browser changed the session's secret, or signed in, at the same moment. This request
 * changed nothing. It is answered with 409, and the browser repeats it with the other request's cookie.
 */
export class SessionConflictError extends Error {
  override readonly name = 'SessionConflictError';
  readonly code = 'CONFLICT';

  constructor() {
    super('Another request of this browser changed the session at the same moment. Try again.');
  }
}

/**
 * The session contains a value that storage would not return unchanged, such as a function or a class instance. Nothing
 * was stored.
 */
export class UnstorableValueError extends TypeError {
  override readonly name = 'UnstorableValueError';
  readonly code = 'UNSTORABLE_VALUE';

  constructor(path: string, what: string, { hint = 'Store plain JSON values and dates.', cause }: { hint?: string; cause?: unknown } = {}) {
    super(`The session cannot store ${what} at "${path}". ${hint}`, ...(cause === undefined ? [] : [{ cause }]));
  }
}

/** The session's data is larger than `SESSION_MAX_SIZE`. Nothing was stored. The message names the largest keys, but no values. */
export class SessionTooLargeError extends RangeError {
  override readonly name = 'SessionTooLargeError';
  readonly code = 'SESSION_TOO_LARGE';

  constructor({ bytes, maxBytes, largest }: { bytes: number; maxBytes: number; largest: readonly { key: string; bytes: number }[] }) {
    const keys = largest.map((one) => `"${one.key}" (${one.bytes})`).join(', ');
    super(
      `The session would have ${bytes} bytes of data, more than the ${maxBytes} of SESSION_MAX_SIZE. Its largest keys: ${keys}. Store large values elsewhere and keep their ids in the session.`,
    );
  }
}

/** A reserved name of the session object was set as if it were data. Nothing was stored. */
export class ReservedKeyError extends TypeError {
  override readonly name = 'ReservedKeyError';
  readonly code = 'RESERVED_KEY';

  constructor(key: string, hint = 'Use another name for your own data.') {
    super(`"${key}" is part of the session itself and cannot be set. ${hint}`);
  }
}

/** The browser would not receive, or not keep, the cookie of a new session. Nothing was stored. The message says how to fix it. */
export class UndeliverableCookieError extends Error {
  override readonly name = 'UndeliverableCookieError';
  readonly code = 'COOKIE_UNDELIVERABLE';
}

/** No browser would keep a cookie with these settings. `problems` lists every reason. */
export class CookieSettingsError extends TypeError {
  override readonly name = 'CookieSettingsError';
  readonly code = 'COOKIE_SETTINGS';

  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The session cookie cannot work:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * The app's expiry policy failed, so it is unknown whether the session may be used. The request is answered with 500, and
 * the session is neither used nor ended. The policy's own error is the `cause`.
 */
export class ExpiryPolicyError extends Error {
  override readonly name = 'ExpiryPolicyError';
  readonly code = 'EXPIRY_POLICY_FAILED';

  constructor(problem: string, cause?: unknown) {
    super(`The expiry policy of this app failed: ${problem}.`, ...(cause === undefined ? [] : [{ cause }]));
  }
}
