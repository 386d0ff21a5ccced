import type { SignedOutReason } from './reasons.ts';
import type { SessionUser } from './user.ts';

/** The public id and times of a signed-in session. */
export interface SessionView {
  /** `ses_…` */
  readonly handle: string;
  readonly loginTime: Date;
  readonly lastActivity: Date;
  readonly expires: Date;
  /** When it expires even if it is in use. */
  readonly absoluteExpires: Date;
  readonly untilBrowserCloses: boolean;
  /** Until when sensitive changes do not ask for the password; undefined: the password was never checked in this session. */
  readonly freshUntil: Date | undefined;
}

/** Who is signed in, or why nobody is. */
export type SessionState =
  | { readonly signedIn: true; readonly user: SessionUser; readonly session: SessionView }
  | { readonly signedIn: false; readonly reason: SignedOutReason };

/** `ok: false`: the session was ended while the request ran, and nothing was stored. */
export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: SignedOutReason };
