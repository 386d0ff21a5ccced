import type { AuditEvent, AuditReason } from '@gatehouse/contract';
import { ROLE_LABELS } from '../../shared/account-labels.ts';
import { pluralize } from '../../shared/pluralize.ts';

const REASON_LABELS: Record<AuditReason, string> = {
  signed_out: 'signed out by the owner',
  replaced_by_new_sign_in: 'replaced by a new sign-in in the same browser',
  expired: 'expired',
  session_limit: 'session limit reached',
  revoked_by_owner: 'ended by the owner',
  revoked_by_admin: 'ended by an administrator',
  revoked_at_command_line: 'ended from the command line',
};

/** The reason and details of an entry: "Reason: ended by the owner, 2 sessions". Empty if there are none. */
export function describeDetails({ reason, detail }: Pick<AuditEvent, 'reason' | 'detail'>): string {
  const { from, to, role, ended, method } = detail ?? {};
  return [
    reason && `Reason: ${REASON_LABELS[reason]}`,
    from && to && `From ${ROLE_LABELS[from]} to ${ROLE_LABELS[to]}`,
    // `password` is the default.
    method && method !== 'password' && `Method: ${method}`,
    role && `Role: ${ROLE_LABELS[role]}`,
    ended !== undefined && (reason ? pluralize(ended, 'session') : `${pluralize(ended, 'session')} ended`),
  ]
    .filter(Boolean)
    .join(', ');
}
