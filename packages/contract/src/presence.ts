import type { Me } from './me.ts';
import type { SignedOutReason } from './reasons.ts';

/** What `auth.presence` answers: who is signed in, or why nobody is. */
export type Presence = { readonly signedIn: true; readonly me: Me } | { readonly signedIn: false; readonly reason: SignedOutReason };
