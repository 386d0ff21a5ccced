import type { SessionUser, SignedOutReason } from '@gatehouse/contract';

/** The name and clocks of a signed-in session. */
export interface SessionView {
  readonly handle: string;
  readonly loginTime: Date;
  readonly lastActivity: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
  readonly untilBrowserCloses: boolean;
  /** Until when the last check of the password counts as fresh; undefined: it was never checked for this session. */
  readonly freshUntil: Date | undefined;
}

export type SessionState =
  | { readonly signedIn: true; readonly user: SessionUser; readonly session: SessionView }
  | { readonly signedIn: false; readonly reason: SignedOutReason };

export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: SignedOutReason };
