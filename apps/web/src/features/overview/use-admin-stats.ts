import { useTRPC } from '@gatehouse/client/tanstack';
import { adminStatsSchema } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';

/** Others sign in without this page, so it asks again at this interval. */
const REFRESH_MS = 10_000;

const decode = (wire: unknown) => adminStatsSchema.parse(wire);

/** The figures of the overview, kept up to date in the background. */
export const useAdminStats = () =>
  useQuery(
    useTRPC().admin.stats.queryOptions(undefined, {
      select: decode,
      refetchInterval: REFRESH_MS,
      // The loader has made the call that counts as activity. Watching the page does not.
      trpc: { context: { background: true } },
    }),
  );
