import { z } from 'zod';
import { instantSchema } from './instant.ts';

export const activityKindSchema = z.enum([
  'signed_in',
  'sign_in_failed',
  'signed_out',
  'session_expired',
  /** Several were over, of whomever: where a purge finds many, it counts them. */
  'sessions_expired',
  /** Its user signed in once more than sessions are allowed; it was not used for the longest. */
  'session_evicted',
  /** One session was ended by someone who was not in it. */
  'session_revoked',
  /** Several were, at once. */
  'sessions_revoked',
  /** The password was asked for again, and was right. */
  'password_confirmed',
  /** It was wrong. */
  'password_rejected',
  'password_changed',
  'profile_changed',
  'role_changed',
  'suspended',
  'reactivated',
  /** Signing in is slowed down, because it failed too often. */
  'locked',
  'unlocked',
  'user_created',
  'user_imported',
  'user_deleted',
  'session_imported',
  /** A session of an earlier app was taken over. */
  'session_adopted',
]);
export type ActivityKind = z.infer<typeof activityKindSchema>;

/** Something that happened to an account, for its owner to recognise or not. */
export const activitySchema = z.object({
  id: z.string(),
  kind: activityKindSchema,
  at: instantSchema,
  /** Address it came from; null where there is none, as for the command line. */
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** The session concerned, `ses_…`. */
  handle: z.string().nullable(),
});
export type Activity = z.infer<typeof activitySchema>;
export const activityListSchema = z.array(activitySchema);
