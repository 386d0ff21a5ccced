/** Redis cannot be opened with `REDIS_URL`. The message has the URL without its password, and how to fix the problem. */
export class RedisOpenError extends Error {
  override readonly name = 'RedisOpenError';
  readonly code = 'REDIS_OPEN';

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`Redis at ${withoutPassword(url)}: ${problem}`, options);
  }
}

/** Hides everything up to the last @, also in malformed URLs, so that a password that was not percent-encoded is hidden too. */
const withoutPassword = (url: string): string => url.replace(/^([a-z+]+:\/\/)?([^:@/]*):.*@/i, '$1$2:***@');
