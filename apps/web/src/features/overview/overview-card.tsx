import { trpc } from '@gatehouse/client/react';
import { Card } from '../../shared/card.tsx';
import { InlineFailure } from '../../shared/inline-failure.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
import { Counts } from './counts.tsx';

export function OverviewCard() {
  const overview = trpc.admin.overview.useQuery();
  return (
    <Card title="Right now">
      {overview.data ? (
        <Counts overview={overview.data} />
      ) : overview.error ? (
        <InlineFailure what="The counts" error={overview.error} busy={overview.isFetching} onRetry={() => void overview.refetch()} />
      ) : (
        <Placeholder lines={3} label="Loading the counts" />
      )}
    </Card>
  );
}
