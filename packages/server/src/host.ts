// For a server around `createGatehouse`, with its own request log and limits: `@gatehouse/server/host`.
export { refuseOtherSites } from './own-site.ts';
export { declaredLength, MAX_READ_BYTES, readBody } from './read-body.ts';
export { failureOf, noteFailure } from './request-failure.ts';
export { checkedSettings, type StartChecks } from './start-checks.ts';
export { requestIdOf } from './request-id.ts';
export { sendInPieces } from './send-in-pieces.ts';
export { traceIdsOf, type TraceIds } from './tracing.ts';
