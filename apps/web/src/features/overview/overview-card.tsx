import { trpc } from '@gatehouse/client/react';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import classes from './overview-card.module.css';

const number = new Intl.NumberFormat('en');

export function OverviewCard() {
  const overview = trpc.admin.overview.useQuery();
  return (
    <Card title="Current activity">
      <Loaded query={overview} failed="The overview could not be loaded." lines={3} label="Loading the overview">
        {({ users, signedInUsers, liveSessions }) => (
          <dl className={classes.counts}>
            <Count name="Accounts" value={users} />
            <Count name="Users signed in" value={signedInUsers} />
            <Count name="Active sessions" value={liveSessions} />
          </dl>
        )}
      </Loaded>
    </Card>
  );
}

function Count({ name, value }: { name: string; value: number }) {
  return (
    <div className={classes.count}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.value}>{number.format(value)}</dd>
    </div>
  );
}
