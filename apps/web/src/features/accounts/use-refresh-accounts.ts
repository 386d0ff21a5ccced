import { trpc } from '@gatehouse/client/react';

/** After an administrator changed something: whatever shows accounts or counts asks again. */
export function useRefreshAccounts(): () => Promise<unknown> {
  const queries = trpc.useUtils();
  return () => queries.admin.invalidate();
}
