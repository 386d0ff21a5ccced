import type { Me } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { Fact, Facts } from '../../shared/facts.tsx';
import { exactTime } from '../../shared/exact-time.ts';
import { Moment, Until } from '../../shared/moment.tsx';
import classes from './session-clocks.module.css';

export function SessionClocks({ session, now }: { session: Me['session']; now: Date }) {
  const { loginTime, lastActivity, absoluteExpires } = session;
  return (
    <Facts>
      <Clock name="Signed in" at={loginTime}>
        <Moment at={loginTime} now={now} />
      </Clock>
      <Clock name="Last activity" at={lastActivity}>
        <Moment at={lastActivity} now={now} />
      </Clock>
      <Clock name={now < absoluteExpires ? 'Ends in any case' : 'Ended'} at={absoluteExpires}>
        <Until at={absoluteExpires} now={now} />
      </Clock>
      <Fact name="Handle" note="The session’s public name, as logs and lists show it.">
        <code className={classes.handle}>{session.handle}</code>
      </Fact>
    </Facts>
  );
}

function Clock({ name, at, children }: { name: string; at: Date; children: ReactNode }) {
  return (
    <Fact name={name} note={exactTime(at)}>
      {children}
    </Fact>
  );
}
