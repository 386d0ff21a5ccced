import type { SessionState, SignedOutReason } from '@gatehouse/contract';
import { absoluteExpiryMs, untilBrowserCloses, type Lifetimes } from './policy.ts';
import type { Snapshot } from './session-snapshot.ts';
import { storedInstant } from './stored-instant.ts';

interface StateOptions {
  /** `req.session`, if it was created: its current values take precedence over the stored ones. */
  readonly object: object | undefined;
  /** Why nobody is signed in, if that is so. */
  readonly reason: SignedOutReason;
  /** When the app's expiry policy ends the session, epoch milliseconds. Default: never. */
  readonly policyEndMs?: number | undefined;
  readonly lifetimes: Lifetimes;
  /** How long after the password was checked a session is fresh. */
  readonly freshAgeMs: number;
}

export function sessionState(
  stored: Snapshot | undefined,
  { object, reason, policyEndMs = Infinity, lifetimes, freshAgeMs }: StateOptions,
): SessionState {
  if (!stored?.user) return { signedIn: false, reason };
  const { record, user, base } = stored;
  const instant = (key: 'loginTime' | 'authenticatedAt'): Date | undefined => {
    const value: unknown = object ? (object as Record<string, unknown>)[key] : base[key];
    return storedInstant(value);
  };
  const authenticatedAt = instant('authenticatedAt');
  return {
    signedIn: true,
    user,
    session: {
      handle: record.handle,
      loginTime: instant('loginTime') ?? new Date(record.createdAtMs),
      lastActivity: new Date(record.lastActivityAtMs),
      expires: new Date(Math.min(record.expiresAtMs, policyEndMs)),
      absoluteExpires: new Date(Math.min(absoluteExpiryMs(record, lifetimes), record.fixedExpiryMs ?? Infinity, policyEndMs)),
      untilBrowserCloses: untilBrowserCloses(record, lifetimes),
      freshUntil: authenticatedAt && new Date(authenticatedAt.getTime() + freshAgeMs),
    },
  };
}
