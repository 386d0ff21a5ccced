import type { Accounts, Actor } from '@gatehouse/accounts';
import type { AuditAction } from '@gatehouse/contract';

/** Who acts here. Which person sits at the terminal is not ours to know. */
export const COMMAND_LINE: Actor = { kind: 'command_line', id: null, ip: null, userAgent: 'gatehouse command line' };

type Done = AuditAction & {
  /** null: everyone. */
  readonly userId: string | null;
  readonly handle?: string;
};

/** Writes what was done into the audit trail. */
export function writeAudit(accounts: Accounts, done: Done): Promise<void> {
  const reason = done.kind === 'session_revoked' || done.kind === 'sessions_revoked' ? 'revoked_at_command_line' : null;
  return bestEffort(() => accounts.recordActivity({ ...done, at: new Date(), by: COMMAND_LINE, reason }));
}

/** What is done stays done if this fails. */
export async function bestEffort(write: () => Promise<void> | undefined): Promise<void> {
  try {
    await write();
  } catch {
    process.stderr.write('Warning: it was done, but could not be written to the audit trail.\n');
  }
}
