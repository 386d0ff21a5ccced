import { z } from 'zod';
import { instantSchema } from './instant.ts';
import type { AccountStatus, Role, SessionUser } from './user.ts';

/**
 * What an application keeps in a session. Every key is optional: an anonymous session has none.
 * Add a key here and `req.session` and `ctx.session.data` have it by type; dates come back as dates.
 */
export const sessionDataSchema = z.object({
  /** When the user signed in; set by signing in. */
  loginTime: instantSchema.optional(),
  /** When the password was last checked for this session; set by signing in and by re-authenticating. Without it nothing is fresh. */
  authenticatedAt: instantSchema.optional(),
  /** Where to go after signing in; survives it (see `CARRIED_KEYS`). */
  next: z.string().max(2048).optional(),
});
export type SessionData = z.infer<typeof sessionDataSchema>;

/** Keys of an anonymous session that survive signing in; all others are dropped. */
export const CARRIED_KEYS: ReadonlyArray<keyof SessionData> = ['next'];

/**
 * Who is signed in, on every session beside its data. Not stored in it: read through the session's user on
 * every request, so that a changed name or role shows in every session at once. Read-only; signing in sets it.
 */
export interface SessionIdentity {
  readonly user: SessionUser;
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly status: AccountStatus;
}
