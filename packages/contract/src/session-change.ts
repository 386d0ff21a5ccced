import type { SignedOutReason } from './reasons.ts';

/** What `auth.changes` tells an open page. */
export type SessionChange =
  /** The first one, and again after each reconnect: no later change is missed. What was read before may be outdated. */
  | { readonly kind: 'ready' }
  /** The account of the signed-in user changed: `auth.me` is outdated. */
  | { readonly kind: 'user' }
  /** A session of the signed-in user began or ended: lists of sessions are outdated. */
  | { readonly kind: 'sessions' }
  /** The last one. */
  | { readonly kind: 'ended'; readonly reason: SignedOutReason };

/** A stream without any byte for this long is broken. The server sends a ping more often. Milliseconds. */
export const STREAM_SILENCE_MS = 45_000;

/** Between two pings of a stream. Proxies cut a connection that is silent for a minute (nginx: `proxy_read_timeout`). Milliseconds. */
export const STREAM_PING_MS = 15_000;
