import type { Accounts } from '@gatehouse/accounts';
import type { ActivityKind } from '@gatehouse/contract';

interface Done {
  readonly kind: ActivityKind;
  readonly userId: string | null;
  readonly handle?: string;
}

/** Lets the owner of an account see what was done from the command line. What is done stays done if this fails. */
export async function audit(accounts: Accounts, { kind, userId, handle }: Done): Promise<void> {
  try {
    await accounts.recordActivity({ kind, userId, at: new Date(), ip: null, userAgent: 'gatehouse command line', handle: handle ?? null });
  } catch {
    process.stderr.write('Warning: it was done, but could not be written to the account’s activity.\n');
  }
}
