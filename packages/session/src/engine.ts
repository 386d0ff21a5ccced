// For code that uses or implements an engine: `@gatehouse/session/engine`.
export type { EndedSession, ExpiredBatch } from '@gatehouse/contract';
export type { ClientInfo, LeaseRequest, LoadOutcome, PageRequest, SessionPage, SessionUpdate, UpdateOutcome } from './engine-port.ts';
export type { ExpiryVerdict, PolicyEnd, PolicySession } from './expiry-policy.ts';
export { readListCursor } from './list-cursor.ts';
export { absoluteExpiryMs, expiryMs, isLive, untilBrowserCloses, type SessionTimestamps } from './policy.ts';
export { purgeWithLease, purgeAll, type PurgeOutcome } from './purge.ts';
export { RedisOpenError } from './engines/redis/redis-open-error.ts';
export { ENGINE_NAMES } from './registry.ts';
export { formatToken, hashSecret, newHandle, newSecret, parseToken, tokenOfId, type SessionToken } from './session-id.ts';
export type { StoredSession, SessionRecord, StoredData } from './session-record.ts';
export { isStorageUnavailable, namingOutages, recognizeOutages } from './storage-unavailable.ts';
export { sessionsOfUser } from './user-sessions.ts';
