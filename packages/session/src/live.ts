// Sessions behind connections that stay open: `@gatehouse/session/live`.
export {
  createLiveConnections,
  type EndReason,
  type LiveConnection,
  type LiveConnections,
  type LiveConnectionsOptions,
  type NoConnection,
} from './live/live-connections.ts';
export { createSessionFeed, type LiveEvent, type SessionFeed, type SessionFeedOptions } from './live/session-feed.ts';
