import type { Me } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { Fact, Facts } from '../../shared/facts.tsx';
import { RelativeTime, TimeAgo } from '../../shared/time-display.tsx';
import { TimeFact } from '../../shared/time-fact.tsx';
import classes from './session-times.module.css';

export function SessionTimes({ session, now }: { session: Me['session']; now: Date }) {
  const t = useTranslations('session.card');
  const { loginTime, lastActivity, absoluteExpires } = session;
  return (
    <Facts>
      <TimeFact name={t('signedIn')} at={loginTime}>
        <TimeAgo at={loginTime} now={now} />
      </TimeFact>
      <TimeFact name={t('lastActivity')} at={lastActivity}>
        <TimeAgo at={lastActivity} now={now} />
      </TimeFact>
      <TimeFact name={t(now < absoluteExpires ? 'endsAtLatest' : 'ended')} at={absoluteExpires}>
        <RelativeTime at={absoluteExpires} now={now} />
      </TimeFact>
      <Fact name={t('handle')} note={t('handleNote')}>
        {/* The span, because the code itself would be aligned by its own direction. */}
        <span>
          <code dir="ltr" className={classes.handle}>
            {session.handle}
          </code>
        </span>
      </Fact>
    </Facts>
  );
}
