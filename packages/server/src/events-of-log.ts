import type { Actor } from '@gatehouse/accounts';
import type { AuditReason, ActivityKind } from '@gatehouse/contract';
import type { Emit } from './events.ts';

/** An entry of the log, complete. */
export interface LoggedEntry {
  readonly kind: ActivityKind;
  readonly userId: string | null;
  readonly by: Actor;
  readonly handle: string | null;
  readonly reason?: AuditReason | undefined;
  readonly detail?: object | undefined;
  readonly at: Date;
}

/** Emits the events of an entry. Changes of accounts have theirs from events-of-accounts.ts, because the app can make them without a request. */
export function emitLogged(emit: Emit, { kind, userId, by, handle, reason = 'signed_out', detail, at }: LoggedEntry): void {
  const event = { at, actor: by };
  const { method = 'password', ended = 1 } = (detail ?? {}) as { method?: string; ended?: number };
  if (kind === 'signed_in' && userId !== null && handle !== null) emit('signedIn', { ...event, userId, handle, method });
  if (kind === 'signed_out' && userId !== null && handle !== null) {
    emit('signedOut', { ...event, userId, handle, reason });
    emit('sessionEnded', { ...event, userId, handle, ended: 1, reason });
  }
  if (kind === 'session_revoked' || kind === 'sessions_revoked') {
    emit('revoked', { ...event, userId, handle, ended, reason });
    emit('sessionEnded', { ...event, userId, handle, ended, reason });
  }
  if (kind === 'password_confirmed' && userId !== null) emit('reauthenticated', { ...event, userId, handle });
}
