/** Storage did not answer, or not in time. The request gets 503 and the session stays what it was. */
export class StorageUnavailableError extends Error {
  override readonly name: string = 'StorageUnavailableError';
  readonly code = 'STORAGE_UNAVAILABLE';
}

/** The session was ended while the request ran; what the request changed is not stored. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
  readonly code = 'SESSION_ENDED';

  constructor() {
    super('The session was ended while this request was running.');
  }
}

/**
 * Another request of the same browser has changed the session's secret, or has signed in, at the same moment; this one has changed
 * nothing. Its answer is 409, and the browser tries again with the cookie of the other.
 */
export class SessionConflictError extends Error {
  override readonly name = 'SessionConflictError';
  readonly code = 'CONFLICT';

  constructor() {
    super('Another request of this browser has changed its session at the same moment. Try again.');
  }
}

/** A value that would not come back as it is was put in the session; nothing was stored. */
export class UnstorableValueError extends TypeError {
  override readonly name = 'UnstorableValueError';
  readonly code = 'UNSTORABLE_VALUE';

  constructor(path: string, what: string, { hint = 'Store plain JSON values and dates.', cause }: { hint?: string; cause?: unknown } = {}) {
    super(`The session cannot store ${what} at "${path}". ${hint}`, ...(cause === undefined ? [] : [{ cause }]));
  }
}

/** The session's data is larger than `SESSION_MAX_SIZE`; nothing was stored. Its keys are named, never their values. */
export class SessionTooLargeError extends RangeError {
  override readonly name = 'SessionTooLargeError';
  readonly code = 'SESSION_TOO_LARGE';

  constructor({ bytes, maxBytes, largest }: { bytes: number; maxBytes: number; largest: readonly { key: string; bytes: number }[] }) {
    const keys = largest.map((one) => `"${one.key}" (${one.bytes})`).join(', ');
    super(
      `The session would have ${bytes} bytes of data, more than the ${maxBytes} of SESSION_MAX_SIZE. Its largest keys: ${keys}. Store large values elsewhere and their id in the session.`,
    );
  }
}

/** A name that belongs to the session itself was set as if it were data; nothing was stored. */
export class ReservedKeyError extends TypeError {
  override readonly name = 'ReservedKeyError';
  readonly code = 'RESERVED_KEY';

  constructor(key: string, hint = 'Use another name for your own data.') {
    super(`"${key}" is part of the session itself and cannot be set. ${hint}`);
  }
}

/** The browser would not get, or not keep, the cookie of a new session; nothing was stored. The message says what to set. */
export class UndeliverableCookieError extends Error {
  override readonly name = 'UndeliverableCookieError';
  readonly code = 'COOKIE_UNDELIVERABLE';
}

/** No browser would keep a cookie like this: every reason at once. */
export class CookieSettingsError extends TypeError {
  override readonly name = 'CookieSettingsError';
  readonly code = 'COOKIE_SETTINGS';

  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The session cookie cannot work:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}
