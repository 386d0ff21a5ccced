import type { ActivityKind } from '@gatehouse/contract';

/** 'danger': someone may be trying to get in. 'notice': something important changed. */
export type ActivityTone = 'danger' | 'notice' | 'neutral';

const DANGER: ReadonlySet<ActivityKind> = new Set(['sign_in_failed', 'password_rejected', 'locked']);
const NEUTRAL: ReadonlySet<ActivityKind> = new Set([
  'signed_in',
  'signed_out',
  'session_expired',
  'sessions_expired',
  'session_imported',
  'session_adopted',
  'password_confirmed',
  'profile_changed',
  'user_created',
  'user_imported',
]);

/** How much attention an event deserves. A kind that is not known here counts as important. */
export const activityTone = (kind: ActivityKind): ActivityTone => (DANGER.has(kind) ? 'danger' : NEUTRAL.has(kind) ? 'neutral' : 'notice');
