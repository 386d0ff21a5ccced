const REFUSAL = Symbol('refusal');
type WithRefusal = { [REFUSAL]?: Error };

/**
 * An assignment to the session that is not possible. It is kept, and whatever stores the session throws it: `req.session.id = 7`
 * itself throws nothing, because in a callback or a timer nobody could catch it and the process would end.
 */
export function refuse(session: object, error: Error): void {
  // The first says most about the cause.
  if (!refusalOf(session)) Object.defineProperty(session, REFUSAL, { value: error, configurable: true });
}

export const refusalOf = (session: object): Error | undefined => (session as WithRefusal)[REFUSAL];

export function forgetRefusal(session: object): void {
  Reflect.deleteProperty(session, REFUSAL);
}
