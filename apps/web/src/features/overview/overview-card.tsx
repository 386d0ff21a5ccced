import { trpc } from '@gatehouse/client/react';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { Counts } from './counts.tsx';

export function OverviewCard() {
  const overview = trpc.admin.overview.useQuery();
  return (
    <Card title="Right now">
      <Loaded query={overview} what="The counts" lines={3} label="Loading the counts">
        {(counts) => <Counts overview={counts} />}
      </Loaded>
    </Card>
  );
}
