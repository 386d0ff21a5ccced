import type { Me, SignedOutReason } from '@gatehouse/contract';

/** Whether someone is signed in, as the server said it last. */
export type Presence = { readonly signedIn: true; readonly me: Me } | { readonly signedIn: false; readonly reason: SignedOutReason };
