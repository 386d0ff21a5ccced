import { trpc } from '@gatehouse/client/react';
import { activityListSchema } from '@gatehouse/contract';

const decode = (wire: unknown) => activityListSchema.parse(wire);

export const useRecentActivity = () => trpc.account.recentActivity.useQuery(undefined, { select: decode });
