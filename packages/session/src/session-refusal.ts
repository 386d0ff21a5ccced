const REFUSAL = Symbol('refusal');
type WithRefusal = { [REFUSAL]?: Error };

/**
 * Records a refused assignment to the session. Saving the session throws the error; the assignment itself
 * (`req.session.id = 7`) does not, because in a callback or a timer nobody could catch it and the process would exit.
 */
export function refuse(session: object, error: Error): void {
  // Keep the first error, which is closest to the cause.
  if (!refusalOf(session)) Object.defineProperty(session, REFUSAL, { value: error, configurable: true });
}

export const refusalOf = (session: object): Error | undefined => (session as WithRefusal)[REFUSAL];

export function forgetRefusal(session: object): void {
  Reflect.deleteProperty(session, REFUSAL);
}
