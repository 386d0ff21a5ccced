import type { Me } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { Fact, Facts } from '../../shared/facts.tsx';
import { exactTime } from '../../shared/exact-time.ts';
import { RelativeTime, TimeAgo } from '../../shared/time-display.tsx';
import classes from './session-times.module.css';

export function SessionTimes({ session, now }: { session: Me['session']; now: Date }) {
  const { loginTime, lastActivity, absoluteExpires } = session;
  return (
    <Facts>
      <TimeFact name="Signed in" at={loginTime}>
        <TimeAgo at={loginTime} now={now} />
      </TimeFact>
      <TimeFact name="Last activity" at={lastActivity}>
        <TimeAgo at={lastActivity} now={now} />
      </TimeFact>
      <TimeFact name={now < absoluteExpires ? 'Ends at the latest' : 'Ended'} at={absoluteExpires}>
        <RelativeTime at={absoluteExpires} now={now} />
      </TimeFact>
      <Fact name="Handle" note="Identifies this session in lists and logs.">
        <code className={classes.handle}>{session.handle}</code>
      </Fact>
    </Facts>
  );
}

function TimeFact({ name, at, children }: { name: string; at: Date; children: ReactNode }) {
  return (
    <Fact name={name} note={exactTime(at)}>
      {children}
    </Fact>
  );
}
