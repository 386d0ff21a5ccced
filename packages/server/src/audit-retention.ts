import type { Accounts } from '@gatehouse/accounts';
import type { Purgeable } from './scheduled-purge.ts';

/** Purges what is older than the retention of the audit trail. 0 seconds: nothing is purged. */
export const auditRetention = (accounts: Accounts, retentionSeconds: number): Purgeable => ({
  purgeExpired: async (batch) =>
    retentionSeconds === 0 ? 0 : accounts.purgeActivity({ before: new Date(Date.now() - retentionSeconds * 1000), batch }),
});
