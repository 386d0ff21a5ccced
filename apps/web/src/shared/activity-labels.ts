import type { ActivityKind } from '@gatehouse/contract';

/** Labels of activity kinds, for the recent activity and the audit trail. */
export const ACTIVITY_LABELS: Record<ActivityKind, string> = {
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in failed',
  signed_out: 'Signed out',
  session_expired: 'Session expired',
  sessions_expired: 'Sessions expired',
  session_evicted: 'Session ended: session limit reached',
  session_revoked: 'Session ended remotely',
  session_imported: 'Session imported',
  session_adopted: 'Session adopted from the old app',
  sessions_revoked: 'Sessions ended remotely',
  password_confirmed: 'Password confirmed',
  password_rejected: 'Incorrect password entered',
  password_changed: 'Password changed',
  email_changed: 'E-mail address changed',
  profile_changed: 'Name changed',
  role_changed: 'Role changed',
  suspended: 'Account suspended',
  reactivated: 'Account reactivated',
  locked: 'Sign-in throttled: too many failed attempts',
  unlocked: 'Sign-in unlocked',
  user_created: 'Account created',
  user_imported: 'Account imported',
  user_deleted: 'Account deleted',
};
