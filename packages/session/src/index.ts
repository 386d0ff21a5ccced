export { withDeadline } from './deadline.ts';
export type { EngineOptions } from './engine-options.ts';
export type { Engine } from './engine-port.ts';
export {
  CookieSettingsError,
  ExpiryPolicyError,
  ReservedKeyError,
  SessionConflictError,
  SessionEndedError,
  SessionTooLargeError,
  StorageUnavailableError,
  UndeliverableCookieError,
  UnstorableValueError,
} from './errors.ts';
export { withExpiryPolicy, type ExpiryPolicy, type ExpiryPolicyOptions } from './expiry-policy.ts';
export { getSessionUser, requireRole, requireSession, requireSessionAjax } from './guards.ts';
export type { Lifetimes } from './policy.ts';
export type { NodeMiddleware } from './node-request.ts';
export { openEngine, type EngineName } from './registry.ts';
export type { RequestSession, SignInOptions } from './request-session.ts';
export type { CookieSettings } from './session-cookie.ts';
export type { DataSchema } from './session-schema.ts';
export { sessionErrorHandler } from './session-errors-middleware.ts';
export { sessionMiddleware, sessionOf, type SessionMiddlewareOptions } from './session-middleware.ts';
export type { OnSignIn, SignInEvent } from './sign-in-event.ts';
export type { OnSignOut, SignOutEvent } from './sign-out-event.ts';
export { SessionStore, type SessionStoreOptions } from './session-store.ts';
export { UnreadableUserError, type FoundUser, type UserSource } from './user-source.ts';
