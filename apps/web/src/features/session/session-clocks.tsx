import type { Me } from '@gatehouse/contract';
import { Fact, Facts } from '../../shared/facts.tsx';
import { exactTime } from '../../shared/exact-time.ts';
import { Moment } from '../../shared/moment.tsx';
import classes from './session-clocks.module.css';

export function SessionClocks({ session, now }: { session: Me['session']; now: Date }) {
  return (
    <Facts>
      <Clock name="Signed in" at={session.loginTime} now={now} />
      <Clock name="Last activity" at={session.lastActivity} now={now} />
      <Clock name="Ends in any case" at={session.absoluteExpires} now={now} />
      <Fact name="Handle" note="The session’s public name, as logs and lists show it.">
        <code className={classes.handle}>{session.handle}</code>
      </Fact>
    </Facts>
  );
}

function Clock({ name, at, now }: { name: string; at: Date; now: Date }) {
  return (
    <Fact name={name} note={exactTime(at)}>
      <Moment at={at} now={now} />
    </Fact>
  );
}
