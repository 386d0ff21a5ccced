import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { sessionUserSchema } from './user.ts';

/** What `auth.me` and `auth.login` answer: the user and the clocks of this session. */
export const meSchema = z.object({
  user: sessionUserSchema,
  session: z.object({
    /** Public name of the session, `ses_…`; never the cookie's id. */
    handle: z.string(),
    loginTime: instantSchema,
    lastActivity: instantSchema,
    /** When the session ends if nothing more is asked of it. */
    expires: instantSchema,
    /** When it ends however active it is. */
    absoluteExpires: instantSchema,
    /** Ends when the browser closes: the cookie has no age. */
    untilBrowserCloses: z.boolean(),
    /** Until when sensitive changes need no password; past, or null: re-authenticate first. */
    freshUntil: instantSchema.nullable(),
  }),
  /** The server's clock when it answered: a client counts down from here, not from its own clock. */
  serverNow: instantSchema,
});
export type Me = z.infer<typeof meSchema>;
