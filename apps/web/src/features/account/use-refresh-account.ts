import { useTRPC } from '@gatehouse/client/tanstack';
import { useQueryClient } from '@tanstack/react-query';

/** Reloads the data that shows a changed account: the user, and the list of recent activity. */
export function useRefreshAccount(): () => Promise<unknown> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.auth.me.queryFilter()),
      queryClient.invalidateQueries(trpc.account.recentActivity.queryFilter()),
    ]);
}
