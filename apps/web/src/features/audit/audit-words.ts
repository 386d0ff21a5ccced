import type { AuditEvent, AuditReason } from '@gatehouse/contract';
import { ROLE_WORDS } from '../../shared/account-words.ts';
import { counted } from '../../shared/counted.ts';

const REASON_WORDS: Record<AuditReason, string> = {
  signed_out: 'the owner signed out',
  replaced_by_new_sign_in: 'a new sign-in in the same browser',
  expired: 'it expired',
  session_limit: 'a new sign-in exceeded the number of sessions allowed',
  revoked_by_owner: 'ended by the owner',
  revoked_by_admin: 'ended by an administrator',
  revoked_at_command_line: 'ended at the command line',
};

/** Why, if that is known, and what else is: "Why: ended by the owner, 2 sessions". Empty where nothing is. */
export function moreWords({ reason, detail }: Pick<AuditEvent, 'reason' | 'detail'>): string {
  const { from, to, role, ended, method } = detail ?? {};
  return [
    reason && `Why: ${REASON_WORDS[reason]}`,
    from && to && `From ${ROLE_WORDS[from]} to ${ROLE_WORDS[to]}`,
    // The default is not shown.
    method && method !== 'password' && `By ${method}`,
    role && `As ${ROLE_WORDS[role]}`,
    ended !== undefined && (reason ? counted(ended, 'session') : `${counted(ended, 'session')} ended`),
  ]
    .filter(Boolean)
    .join(', ');
}
