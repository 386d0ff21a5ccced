import { signInMethodSchema, type SessionUser } from '@gatehouse/contract';
import type { Request } from 'express';
import type { ClientInfo } from './engine-port.ts';
import { warnOnce } from './warn-once.ts';

/** A sign-in that is stored: what an audit trail needs of it. */
export interface SignInEvent {
  readonly user: SessionUser;
  /** How the user was authenticated, as `signIn` was told: `password`, `passkey`, `magic-link`. */
  readonly method: string;
  /** Public id of the new session, `ses_…`. */
  readonly handle: string;
  /** Of the request. */
  readonly visit: ClientInfo;
  /** The session that this browser was signed in to before: it has ended. undefined: there was none. */
  readonly replaced: { readonly userId: string; readonly handle: string } | undefined;
}

/** `signIn` resolves after it. */
export type OnSignIn = (event: SignInEvent, req: Request) => Promise<void> | void;

/** @throws TypeError if it is no name for a method. */
export function assertSignInMethod(method: string): void {
  if (!signInMethodSchema.safeParse(method).success)
    throw new TypeError(
      'The method of a sign-in is a short name, such as "passkey" or "oidc:google": 1 to 32 of a-z, 0-9 and . _ : -, the first a letter.',
    );
}

/** The sign-in is stored and its cookie is on the way: whatever this throws, the user is signed in. */
export async function notifySignIn(onSignIn: OnSignIn | undefined, event: SignInEvent, req: Request): Promise<void> {
  try {
    await onSignIn?.(event, req);
  } catch (error) {
    warnOnce('GATEHOUSE_ON_SIGN_IN', `onSignIn has failed; the user is signed in all the same: ${String(error)}`);
  }
}
