import type { Accounts } from '@gatehouse/accounts';
import type { Purgeable } from './scheduled-purge.ts';

/** What of the audit trail is older than it is kept for. 0 seconds: it is kept. */
export const auditRetention = (accounts: Accounts, retentionSeconds: number): Purgeable => ({
  purgeExpired: async (batch) =>
    retentionSeconds === 0 ? 0 : accounts.purgeActivity({ before: new Date(Date.now() - retentionSeconds * 1000), batch }),
});
