/** The server cannot start, and the message says what to do about it. Shown alone, without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
