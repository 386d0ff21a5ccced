/** Marks session middleware, so that the test helpers find it in an app. */
const SESSIONS = Symbol.for('gatehouse.sessions');

export const markSessions = <Middleware extends object>(middleware: Middleware): Middleware =>
  Object.defineProperty(middleware, SESSIONS, { value: true });

export const isMarkedSessions = (one: unknown): boolean => typeof one === 'function' && SESSIONS in one;
