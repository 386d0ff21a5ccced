import { z } from './z.ts';
import { instantSchema } from './instant.ts';
import type { AccountStatus, Role, SessionUser } from './user.ts';

/**
 * The data an application keeps in a session. Every key is optional: an anonymous session has none.
 * A key added here is typed on `req.session` and `ctx.session.data`; dates are restored as `Date`s.
 */
export const sessionDataSchema = z.object({
  /** When the user signed in. Set at sign-in. */
  loginTime: instantSchema.optional(),
  /** When the password was last checked. Set at sign-in and re-authentication. Without it, sensitive changes ask for the password. */
  authenticatedAt: instantSchema.optional(),
  /** Where to go after sign-in; kept at sign-in (see `CARRIED_KEYS`). */
  next: z.string().max(2048).optional(),
});

type Declared = z.infer<typeof sessionDataSchema>;
/** The type of the data. A procedure or an app merges the type of its own keys into it; values of such keys are plain JSON. */
export interface SessionData extends Declared {}

/** Keys of an anonymous session that are kept at sign-in. All others are dropped. */
export const CARRIED_KEYS: ReadonlyArray<keyof SessionData> = ['next'];

/**
 * The signed-in user, available on every session next to its data. It is not stored in the session but read with it on every
 * request, so that a changed name or role applies to all sessions at once. Read-only.
 */
export interface SessionIdentity {
  readonly user: SessionUser;
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly status: AccountStatus;
}
