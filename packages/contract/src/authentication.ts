import type { SessionUser } from './user.ts';

/** An account that may sign in: `sessionOf(req).signIn(user, { credentialEpoch })` creates its session. */
export interface SignInGrant {
  readonly user: SessionUser;
  /**
   * The account's credential epoch when the user proved who they are. Changing the password or suspending the account raises it, and
   * this grant can no longer sign in.
   */
  readonly credentialEpoch: number;
}

/** The result of checking a password. An unknown user, a wrong password and a suspended account give the same answer. */
export type Authentication =
  | (SignInGrant & { readonly ok: true })
  | {
      readonly ok: false;
      readonly reason: 'INVALID_CREDENTIALS' | 'TOO_BUSY' | 'TOO_MANY_ATTEMPTS';
      /** Only with TOO_MANY_ATTEMPTS. */
      readonly retryAfterSeconds?: number;
    };

export type ChangePasswordOutcome =
  /** `ended`: number of other live sessions that were ended. `credentialEpoch`: the new epoch of the account and of the kept session. */
  | { readonly ok: true; readonly ended: number; readonly credentialEpoch: number }
  | { readonly ok: false; readonly problems: { readonly password: string[] } };
