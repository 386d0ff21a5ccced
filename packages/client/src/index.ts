export type { CallContext, CallContextOptions } from './call-context-link.ts';
export { createClient, type GatehouseClient } from './create-client.ts';
export { errorReason, fieldErrors, isUnreachable, requestId, retryAfterSeconds, signedOutReason } from './errors.ts';
export { gatehouseLinks, type LinkOptions } from './links.ts';
export { reauthenticateLink, type AskForPassword } from './reauthenticate-link.ts';
