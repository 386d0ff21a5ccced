/** The message says what to do. It is shown without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
