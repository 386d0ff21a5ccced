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
  session_imported: 'Session imported',
  session_adopted: 'Session taken over from the earlier app',
  sessions_revoked: 'Sessions ended from elsewhere',
  password_confirmed: 'Password entered again',
  password_rejected: 'Wrong password entered',
  password_changed: 'Password changed',
  profile_changed: 'Name changed',
  role_changed: 'Role changed',
  suspended: 'Account suspended',
  reactivated: 'Account reactivated',
  locked: 'Sign-in slowed down: too many failed',
  unlocked: 'Sign-in unlocked',
  user_created: 'Account created',
  user_imported: 'Account imported',
  user_deleted: 'Account deleted',
};
