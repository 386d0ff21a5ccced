import type { Overview } from '@gatehouse/contract';
import classes from './counts.module.css';

const number = new Intl.NumberFormat('en');

export function Counts({ overview }: { overview: Overview }) {
  return (
    <dl className={classes.counts}>
      <Count name="Accounts" value={overview.users} />
      <Count name="People signed in" value={overview.signedInUsers} />
      <Count name="Live sessions" value={overview.liveSessions} />
    </dl>
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
