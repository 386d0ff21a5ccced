/** The app cannot start. The message says why and how to fix it, and is enough without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
