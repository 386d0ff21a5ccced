import { useServerNow } from '@gatehouse/client/react';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { ActivityList } from './activity-list.tsx';
import { useRecentActivity } from './use-recent-activity.ts';

const TICK_MS = 10_000;

export function ActivityCard() {
  const activity = useRecentActivity();
  const now = useServerNow({ everyMs: TICK_MS });
  return (
    <Card title="Recent activity">
      <Loaded query={activity} what="Your activity" lines={4} label="Loading your activity">
        {(list) => now && <ActivityList activity={list} now={now} />}
      </Loaded>
    </Card>
  );
}
