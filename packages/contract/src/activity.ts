import { z } from './z.ts';
import { instantSchema } from './instant.ts';

export const activityKindSchema = z.enum([
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'session_expired',
  /** A purge removed this many expired sessions, of any accounts. */
  'sessions_expired',
  /** The user reached the session limit; this session was the least recently used. */
  'session_evicted',
  /** A session was ended from another session, by an administrator or on the command line. */
  'session_revoked',
  /** Several sessions were ended at once. */
  'sessions_revoked',
  /** Re-authentication: the right password was entered. */
  'password_confirmed',
  /** Re-authentication: a wrong password was entered. */
  'password_rejected',
  'password_changed',
  'email_changed',
  'profile_changed',
  'role_changed',
  'suspended',
  'reactivated',
  /** Sign-in is throttled after too many failed attempts. */
  'locked',
  'unlocked',
  'user_created',
  'user_imported',
  'user_deleted',
  'session_imported',
  /** A session of the previous app was converted. */
  'session_adopted',
]);
export type ActivityKind = z.infer<typeof activityKindSchema>;

/** An entry in an account's recent activity, as its owner sees it. */
export const activitySchema = z.object({
  id: z.string(),
  kind: activityKindSchema,
  at: instantSchema,
  /** IP address of the request; null if there was no request, as on the command line. */
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** The session concerned, `ses_…`. */
  handle: z.string().nullable(),
});
export type Activity = z.infer<typeof activitySchema>;
export const activityListSchema = z.array(activitySchema);
