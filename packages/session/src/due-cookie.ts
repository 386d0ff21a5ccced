import { untilBrowserCloses, type Lifetimes } from './policy.ts';
import type { CookieValue } from './session-cookie.ts';
import { formatToken, hashSecret } from './session-id.ts';
import type { Snapshot } from './session-snapshot.ts';

/** A cookie that the response must set. */
export interface DueCookie extends CookieValue {
  /** Its secret is not the one that the request presented. */
  readonly isNew: boolean;
}

interface DueCookieOptions {
  /** The session as it was loaded for the request. */
  readonly loaded: Snapshot | undefined;
  /** The expiry has moved, or the cookie must be sent even if unchanged. */
  readonly isRenewed: boolean;
  /** The browser does not have the token that the request was loaded with. */
  readonly isAdopted: boolean;
  /** When a policy of the app ends the session, epoch milliseconds. Default: not by a policy. */
  readonly policyEndMs: (() => number | undefined) | undefined;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
}

/** The cookie of a stored session; undefined: the browser already has it. */
export function dueCookie(
  { record, token }: Snapshot,
  { loaded, isRenewed, isAdopted, policyEndMs, lifetimes, now }: DueCookieOptions,
): DueCookie | undefined {
  const isNew = isAdopted || token !== loaded?.token;
  const isWritten = isNew || record.version !== loaded?.record.version;
  if (!isWritten && !isRenewed) return undefined;
  // The secret was rotated meanwhile: the browser has the new one, or is about to receive it.
  if (record.secretHash !== hashSecret(token.secret)) return undefined;
  const endsAtMs = Math.min(record.expiresAtMs, policyEndMs?.() ?? Infinity);
  return { id: formatToken(token), maxAgeMs: untilBrowserCloses(record, lifetimes) ? undefined : endsAtMs - now(), isNew };
}
