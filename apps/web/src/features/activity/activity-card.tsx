import { useServerNow } from '@gatehouse/client/react';
import { Card } from '../../shared/card.tsx';
import { InlineFailure } from '../../shared/inline-failure.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
import { ActivityList } from './activity-list.tsx';
import { useRecentActivity } from './use-recent-activity.ts';

const TICK_MS = 10_000;

export function ActivityCard() {
  const activity = useRecentActivity();
  const now = useServerNow({ everyMs: TICK_MS });
  return (
    <Card title="Recent activity">
      {activity.data && now ? (
        <ActivityList activity={activity.data} now={now} />
      ) : activity.error ? (
        <InlineFailure what="Your activity" error={activity.error} busy={activity.isFetching} onRetry={() => void activity.refetch()} />
      ) : (
        <Placeholder lines={4} label="Loading your activity" />
      )}
    </Card>
  );
}
