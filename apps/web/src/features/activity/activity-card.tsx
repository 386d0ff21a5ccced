import { trpc, useServerNow } from '@gatehouse/client/react';
import { activityListSchema } from '@gatehouse/contract';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { ActivityList } from './activity-list.tsx';

const TICK_MS = 10_000;

const decode = (wire: unknown) => activityListSchema.parse(wire);

export function ActivityCard() {
  const activity = trpc.account.recentActivity.useQuery(undefined, { select: decode });
  const now = useServerNow({ everyMs: TICK_MS });
  return (
    <Card title="Recent activity">
      <Loaded query={activity} what="Your activity" lines={4} label="Loading your activity">
        {(list) => now && <ActivityList activity={list} now={now} />}
      </Loaded>
    </Card>
  );
}
