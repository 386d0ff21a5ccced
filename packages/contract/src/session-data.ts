import { z } from 'zod';
import { instantSchema } from './instant.ts';

/**
 * What an application stores in a session. Every key is optional: an anonymous session has none.
 * Add a key here and `req.session` and `ctx.session.data` have it by type; dates come back as dates.
 *
 * Identity (`user`, `email`, `role` …) is not stored: it is read through `userId` on every request,
 * so that a changed name or role shows in every session at once.
 */
export const sessionDataSchema = z.object({
  /** Who signed in. */
  userId: z.string().optional(),
  /** When they signed in. */
  loginTime: instantSchema.optional(),
  /** Where to go after signing in; survives it (see `CARRIED_KEYS`). */
  next: z.string().max(2048).optional(),
});
export type SessionData = z.infer<typeof sessionDataSchema>;

/** Keys of an anonymous session that survive signing in; all others are dropped. */
export const CARRIED_KEYS: ReadonlyArray<keyof SessionData> = ['next'];
