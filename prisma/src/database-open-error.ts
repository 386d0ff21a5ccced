/** A database that cannot be opened: one sentence that names what was tried, without credentials, and the mend. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
  readonly code = 'DATABASE_OPEN';

  /** The same, of an address that was not in DATABASE_URL but elsewhere: its message says where to correct it. */
  static naming(source: string, error: unknown): unknown {
    if (error instanceof DatabaseOpenError) error.message = error.message.replaceAll('DATABASE_URL', source);
    return error;
  }

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`The database ${hideCredentials(url)} cannot be opened: ${problem}`, options);
  }
}

/**
 * What is before the last `@` is user and password, as is anything in the query. Cut by pattern and not by a URL parser: the text may be what no
 * parser takes (`postgresql+psycopg2://…`, `jdbc:…`, a scheme that is missing or mistyped), and must not be printed for that. A file's path
 * has neither.
 */
export const hideCredentials = (url: string): string =>
  (/^file:/i.test(url) ? url : url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1***@').replace(/(password\s*=\s*).*/is, '$1***')).replace(
    /\?.*$/s,
    '?***',
  );
