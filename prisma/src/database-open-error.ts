/** A database that cannot be opened: one sentence that names what was tried, without credentials, and the mend. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError';
  readonly code = 'DATABASE_OPEN';

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`The database ${hideCredentials(url)} cannot be opened: ${problem}`, options);
  }
}

/**
 * What is between the scheme and the last `@` is user and password, as is anything in the query. Cut by pattern and
 * not by a URL parser: the text may be what no parser takes, and must not be printed for that.
 */
export const hideCredentials = (url: string): string => url.replace(/^([a-z+]+:\/\/).*@/is, '$1***@').replace(/\?.*$/s, '?***');
