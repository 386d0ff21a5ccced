import { useServerNow } from '@gatehouse/client/tanstack';
import type { SessionDetails } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { DeviceName } from '../device-name.tsx';
import { EventList } from '../event-list.tsx';
import { Fact, Facts } from '../facts.tsx';
import { useDescribeMethod } from '../sign-in-method.ts';
import { RelativeTime, TimeAgo } from '../time-display.tsx';
import { TimeFact } from '../time-fact.tsx';
import classes from './session-drawer.module.css';

const TICK_MS = 10_000;

/** What owners and administrators see of a session. */
export type ShownSession = Omit<SessionDetails, 'data'> & { readonly data: readonly unknown[] };

interface SessionFactsProps {
  readonly session: ShownSession;
  readonly addressNote: ReactNode;
  readonly storedData: ReactNode;
}

export function SessionFacts({ session, addressNote, storedData }: SessionFactsProps) {
  const t = useTranslations('sessions');
  const describeMethod = useDescribeMethod();
  const now = useServerNow({ everyMs: TICK_MS });
  const { userAgent, ip, method, data, events } = session;
  if (!now) return null;
  return (
    <>
      <Facts>
        <Fact name={t('columns.device')} note={userAgent !== null && <bdi title={t('details.userAgent')}>{userAgent}</bdi>}>
          <DeviceName userAgent={userAgent} />
        </Fact>
        <Fact name={t('columns.address')} note={addressNote}>
          {/* The span, because a <bdi> that is a grid item itself would be aligned by its own direction. */}
          <span>
            <bdi>{ip ?? t('unknownAddress')}</bdi>
          </span>
        </Fact>
        <Fact name={t('columns.method')}>{describeMethod(method)}</Fact>
      </Facts>
      <Section title={t('details.times')}>
        <Facts>
          <TimeFact name={t('columns.signedIn')} at={session.loginTime}>
            <TimeAgo at={session.loginTime} now={now} />
          </TimeFact>
          <TimeFact name={t('columns.lastActive')} at={session.lastActivity}>
            <TimeAgo at={session.lastActivity} now={now} />
          </TimeFact>
          <TimeFact name={t('columns.expires')} at={session.expires}>
            <RelativeTime at={session.expires} now={now} />
            {session.untilBrowserCloses && <span className={classes.note}>{t('details.untilBrowserCloses')}</span>}
          </TimeFact>
          <TimeFact name={t('details.absoluteExpires')} at={session.absoluteExpires}>
            <RelativeTime at={session.absoluteExpires} now={now} />
          </TimeFact>
        </Facts>
      </Section>
      <Section title={t('details.data')}>{data.length === 0 ? <p className={classes.note}>{t('details.noData')}</p> : storedData}</Section>
      <Section title={t('details.events')}>
        {events.length === 0 ? <p className={classes.note}>{t('details.noEvents')}</p> : <EventList events={events} now={now} />}
      </Section>
      <Facts>
        <Fact name={t('details.handle')} note={t('details.handleNote')}>
          <code className={classes.code}>{session.handle}</code>
        </Fact>
      </Facts>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
