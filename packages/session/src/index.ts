export type { AdoptedSession, Adoption } from './adoption/adoption.ts';
export { openAdoption, type OpenAdoption } from './adoption/open-adoption.ts';
export { createDjangoAdoption } from './django/django-adoption.ts';
export { isForeignTo } from './django/django-sessions.ts';
export { importDjangoSessions, type ImportSessionsOptions, type SessionOutcome } from './django/import-sessions.ts';
export { parseIpAddress } from './ip-address.ts';
export { isAjax, isBackground, isCrossSite, isNavigation, madeForUser } from './call-origin.ts';
export { clientAddress } from './client-address.ts';
export { withDeadline } from './deadline.ts';
export type { EndedSession, EngineOptions, ExpiredBatch } from './engine-options.ts';
export type { DataUpdate, Engine, LeaseRequest, LoadOutcome, PageRequest, SessionPage, UpdateOutcome, Visit } from './engine-port.ts';
export {
  CookieSettingsError,
  ReservedKeyError,
  SessionEndedError,
  SessionTooLargeError,
  StorageUnavailableError,
  UndeliverableCookieError,
  UnstorableValueError,
} from './errors.ts';
export { getSessionUser, requireRole, requireSession, requireSessionAjax } from './guards.ts';
export { readListCursor } from './list-cursor.ts';
export { expiryMs, verdict, type Clocks, type Lifetimes } from './policy.ts';
export { purgeByTurns, purgeAll, type PurgeOutcome } from './purge.ts';
export { RedisOpenError } from './engines/redis/redis-open-error.ts';
export { isSecure, type NodeMiddleware } from './node-request.ts';
export { refuseRequest } from './refuse-request.ts';
export { ENGINE_NAMES, openEngine, type EngineName } from './registry.ts';
export type { RequestSession, SignInOptions } from './request-session.ts';
export { presentedCookies, type CookieSettings } from './session-cookie.ts';
export type { DataSchema } from './session-schema.ts';
export { sessionErrorHandler } from './session-errors-middleware.ts';
export { newHandle, newSessionId, sessionKey } from './session-id.ts';
export { sessionMiddleware, sessionOf, type SessionMiddlewareOptions } from './session-middleware.ts';
export type { LiveSession, SessionRecord, StoredData } from './session-record.ts';
export type { CommitOutcome, SessionState, SessionView } from './session-state.ts';
export { trustedProxies } from './trusted-proxies.ts';
export { isStorageUnavailable, namingOutages } from './storage-unavailable.ts';
export type { OnSignIn, SignInEvent } from './sign-in-event.ts';
export { SessionStore, type SessionStoreOptions } from './session-store.ts';
export { sessionsOfUser } from './user-sessions.ts';
