/** Redis cannot be used as `REDIS_URL` says. The message names what was tried, without the password, and the mend. */
export class RedisOpenError extends Error {
  override readonly name = 'RedisOpenError';
  readonly code = 'REDIS_OPEN';

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`Redis at ${withoutPassword(url)}: ${problem}`, options);
  }
}

/** Up to the last @, and where the scheme is wrong or missing, too: what was not percent-encoded is not shown either. */
const withoutPassword = (url: string): string => url.replace(/^([a-z+]+:\/\/)?([^:@/]*):.*@/i, '$1$2:***@');
