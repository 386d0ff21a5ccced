import { z } from './z.ts';
import { instantSchema } from './instant.ts';
import type { SignedOutReason } from './reasons.ts';
import { sessionUserSchema } from './user.ts';

/** The result of `auth.me` and `auth.login`: the user and the times of this session. */
export const meSchema = z.object({
  user: sessionUserSchema,
  session: z.object({
    /** Public id of the session, `ses_…`; not the secret in the cookie. */
    handle: z.string(),
    loginTime: instantSchema,
    lastActivity: instantSchema,
    /** When the session expires if it is not used again. */
    expires: instantSchema,
    /** When it expires even if it is in use. */
    absoluteExpires: instantSchema,
    /** The cookie has no expiry date, so the session ends when the browser closes. */
    untilBrowserCloses: z.boolean(),
    /** Until when sensitive changes do not ask for the password. Null or in the past: re-authenticate first. */
    freshUntil: instantSchema.nullable(),
  }),
  /** The server's time of the response. Clients count down from this, because their own clocks may be wrong. */
  serverNow: instantSchema,
});
export type Me = z.infer<typeof meSchema>;

/** The result of `auth.presence`: who is signed in, or why nobody is. */
export type Presence = { readonly signedIn: true; readonly me: Me } | { readonly signedIn: false; readonly reason: SignedOutReason };
