export { bearerFetch, BearerUnavailableError, memoryTokenStore, type TokenStore } from './bearer.ts';
export type { CallContext, CallContextOptions } from './call-context-link.ts';
export type { ContainsGatehouse } from './contains-gatehouse.ts';
export { createClient, type GatehouseClient } from './create-client.ts';
export { errorReason, fieldErrors, isUnreachable, requestId, retryAfterSeconds, signedOutReason } from './errors.ts';
export { gatehouseLinks, type LinkOptions } from './links.ts';
export { watchSession, type ChangesClient, type ConnectionState, type WatchedChange, type WatchSessionOptions } from './session-changes.ts';
export { reauthenticateLink, type AskForPassword } from './reauthenticate-link.ts';
