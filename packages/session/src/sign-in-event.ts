import { signInMethodSchema, type SessionUser } from '@gatehouse/contract';
import type { Request } from 'express';
import type { ClientInfo } from './engine-port.ts';
import { warnOnce } from './warn-once.ts';

/** A stored sign-in, for an audit trail. */
export interface SignInEvent {
  readonly user: SessionUser;
  /** How the user authenticated, as passed to `signIn`: `password`, `passkey`, `magic-link`. */
  readonly method: string;
  /** Public id of the new session, `ses_…`. */
  readonly handle: string;
  /** Client of the request. */
  readonly client: ClientInfo;
  /** The signed-in session that this browser had before, which has ended; undefined if there was none. */
  readonly replaced: { readonly userId: string; readonly handle: string } | undefined;
}

/** `signIn` waits for it. */
export type OnSignIn = (event: SignInEvent, req: Request) => Promise<void> | void;

/** @throws TypeError if the name is invalid. */
export function assertSignInMethod(method: string): void {
  if (!signInMethodSchema.safeParse(method).success)
    throw new TypeError(
      'A sign-in method is a short name such as "passkey" or "oidc:google": 1 to 32 characters of a-z, 0-9 and . _ : -, starting with a letter.',
    );
}

/** The sign-in is stored and its cookie is being sent, so an error here does not undo it. */
export async function notifySignIn(onSignIn: OnSignIn | undefined, event: SignInEvent, req: Request): Promise<void> {
  try {
    await onSignIn?.(event, req);
  } catch (error) {
    warnOnce('GATEHOUSE_ON_SIGN_IN', `onSignIn failed. The user is signed in anyway. ${String(error)}`);
  }
}
