// For a server around `createGatehouse`, with its own request log and limits: `@gatehouse/server/host`.
export { declaredLength, MAX_READ_BYTES, readBody } from './read-body.ts';
export { failureOf, noteFailure } from './request-failure.ts';
export { checkedSettings, type StartChecks } from './start-checks.ts';
export { requestIdOf } from './request-id.ts';
