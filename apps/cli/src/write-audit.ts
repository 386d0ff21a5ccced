import type { Accounts, Actor } from '@gatehouse/accounts';
import type { AuditAction } from '@gatehouse/contract';

/** The actor of every command. The person at the terminal is unknown. */
export const COMMAND_LINE: Actor = { kind: 'command_line', id: null, ip: null, userAgent: 'gatehouse command line' };

type Change = AuditAction & {
  /** null: everyone. */
  readonly userId: string | null;
  readonly handle?: string;
};

/** Records a change in the audit trail. */
export function writeAudit(accounts: Accounts, change: Change): Promise<void> {
  const reason = change.kind === 'session_revoked' || change.kind === 'sessions_revoked' ? 'revoked_at_command_line' : null;
  return bestEffort(() => accounts.recordActivity({ ...change, at: new Date(), by: COMMAND_LINE, reason }));
}

/** The change has been made already, so a failure to record it is only a warning. */
export async function bestEffort(write: () => Promise<void> | undefined): Promise<void> {
  try {
    await write();
  } catch {
    process.stderr.write('Warning: the change was made, but could not be recorded in the audit trail.\n');
  }
}
