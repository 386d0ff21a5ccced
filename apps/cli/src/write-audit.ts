import type { Accounts, Actor } from '@gatehouse/accounts';
import type { Act } from '@gatehouse/contract';

/** Who acts here. Which person sits at the terminal is not ours to know. */
export const COMMAND_LINE: Actor = { kind: 'command_line', id: null, ip: null, userAgent: 'gatehouse command line' };

type Done = Act & {
  /** null: everyone. */
  readonly userId: string | null;
  readonly handle?: string;
};

/** Writes what was done to sessions into the audit trail. */
export const writeAudit = (accounts: Accounts, done: Done): Promise<void> =>
  leniently(() => accounts.recordActivity({ ...done, at: new Date(), by: COMMAND_LINE, reason: 'revoked_at_command_line' }));

/** What is done stays done if this fails. */
export async function leniently(write: () => Promise<void> | undefined): Promise<void> {
  try {
    await write();
  } catch {
    process.stderr.write('Warning: it was done, but could not be written to the audit trail.\n');
  }
}
