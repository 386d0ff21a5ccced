import { meSchema, SIGNED_OUT_REASONS, type SignedOutReason } from '@gatehouse/contract';
import type { WireMe } from './wire-me.ts';

/** What one tab tells the others of its origin. */
export type TabNews =
  | { readonly event: 'signed-in' }
  | { readonly event: 'signed-out'; readonly reason: SignedOutReason }
  /** What the server answered to "who is signed in, until when": the others need not ask. */
  | { readonly event: 'me'; readonly me: WireMe };

const CHANNEL = 'gatehouse';

/** Tabs of one browser share the cookie, so what happened to the session in one happened in all. */
export function openTabs(onNews: (news: TabNews) => void): { tell: (news: TabNews) => void; close: () => void } {
  // Missing in some embedded browsers: each tab then finds out with its next call.
  if (typeof BroadcastChannel === 'undefined') return { tell: () => {}, close: () => {} };
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', (message) => {
    const news: unknown = 'data' in message ? message.data : undefined;
    if (isTabNews(news)) onNews(news);
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target: only this origin hears it
  return { tell: (news) => channel.postMessage(news), close: () => channel.close() };
}

// Tabs may run different versions of the app.
function isTabNews(value: unknown): value is TabNews {
  if (typeof value !== 'object' || value === null || !('event' in value)) return false;
  if (value.event === 'signed-in') return true;
  if (value.event === 'me') return 'me' in value && meSchema.safeParse(value.me).success;
  return value.event === 'signed-out' && 'reason' in value && SIGNED_OUT_REASONS.has(String(value.reason));
}
