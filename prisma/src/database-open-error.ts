/** The database cannot be opened. The message names its address without credentials, the problem and the fix. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
  readonly code = 'DATABASE_OPEN';

  /** Replaces DATABASE_URL in the message of an open error with the actual source of the address. Returns the error. */
  static naming(source: string, error: unknown): unknown {
    if (error instanceof DatabaseOpenError) error.message = error.message.replaceAll('DATABASE_URL', source);
    return error;
  }

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`The database ${hideCredentials(url)} cannot be opened: ${problem}`, options);
  }
}

/**
 * Removes everything before the last `@`, which is user and password, and the query. Uses patterns and not a URL parser, because credentials
 * must also be hidden in text that no parser accepts (`postgresql+psycopg2://…`, `jdbc:…`, a missing or mistyped scheme). A file URL has no
 * credentials.
 */
export const hideCredentials = (url: string): string =>
  (/^file:/i.test(url) ? url : url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@').replace(/(password\s*=\s*).*/is, '$1***')).replace(
    /\?.*$/s,
    '?***',
  );
