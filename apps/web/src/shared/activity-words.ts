import type { ActivityKind } from '@gatehouse/contract';

/** What happened, wherever it is told: to the owner of an account and to administrators alike. */
export const ACTIVITY_WORDS: Record<ActivityKind, string> = {
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in failed',
  signed_out: 'Signed out',
  session_expired: 'Session expired',
  sessions_expired: 'Sessions expired',
  session_evicted: 'Session ended: too many at once',
  session_revoked: 'Session ended from elsewhere',
  session_imported: 'Session brought over from before',
  sessions_revoked: 'Sessions ended from elsewhere',
  password_confirmed: 'Password entered again',
  password_rejected: 'Wrong password entered',
  password_changed: 'Password changed',
  profile_changed: 'Name changed',
  role_changed: 'Role changed',
  suspended: 'Account suspended',
  reactivated: 'Account let in again',
  locked: 'Sign-in slowed down: too many failed',
  unlocked: 'Sign-in let through again',
  user_created: 'Account made',
  user_imported: 'Account brought here from elsewhere',
  user_deleted: 'Account deleted',
};
