import { SIGNED_OUT_REASONS, type SignedOutReason } from '@gatehouse/contract';
import { isWireMe } from './decode-me.ts';
import type { WireMe } from './me-query.ts';

/** A message from one tab to the other tabs of its origin. */
export type TabMessage =
  | { readonly event: 'signed-in' }
  | { readonly event: 'signed-out'; readonly reason: SignedOutReason }
  /** The current result of `auth.me`, so that other tabs need not request it. */
  | { readonly event: 'me'; readonly me: WireMe };

export interface TabChannel {
  readonly post: (message: TabMessage) => void;
  readonly close: () => void;
}

/**
 * All tabs of a browser share the session cookie, so a sign-in or sign-out affects all of them.
 *
 * @param url address of the router: two apps below different paths of one host do not hear each other
 */
export function openTabChannel(url: string, onMessage: (message: TabMessage) => void): TabChannel {
  // Some embedded browsers have no BroadcastChannel: each tab then notices a change with its next call.
  if (typeof BroadcastChannel === 'undefined') return { post: () => {}, close: () => {} };
  const channel = new BroadcastChannel(`gatehouse:${url}`);
  channel.addEventListener('message', (event) => {
    const message: unknown = 'data' in event ? event.data : undefined;
    if (isTabMessage(message)) onMessage(message);
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel reaches only its own origin
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}

// Other tabs may run a different version of the app.
function isTabMessage(value: unknown): value is TabMessage {
  if (typeof value !== 'object' || value === null || !('event' in value)) return false;
  if (value.event === 'signed-in') return true;
  if (value.event === 'me') return 'me' in value && isWireMe(value.me);
  return value.event === 'signed-out' && 'reason' in value && SIGNED_OUT_REASONS.has(String(value.reason));
}
