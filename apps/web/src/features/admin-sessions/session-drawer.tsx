import { errorReason } from '@gatehouse/client';
import { useServerNow, useTRPC } from '@gatehouse/client/tanstack';
import { ownedSessionDetailsSchema, type OwnedSession, type OwnedSessionDetails } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { DeviceName } from '../../shared/device-name.tsx';
import { Drawer } from '../../shared/dialog.tsx';
import { EventList } from '../../shared/event-list.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { useDescribeMethod } from '../../shared/sign-in-method.ts';
import { RelativeTime, TimeAgo } from '../../shared/time-display.tsx';
import { TimeFact } from '../../shared/time-fact.tsx';
import classes from './admin-sessions.module.css';
import { StoredData } from './stored-data.tsx';
import type { EndSessions } from './use-end-sessions.tsx';

const TICK_MS = 10_000;

const decode = (wire: unknown) => ownedSessionDetailsSchema.parse(wire);

interface SessionDrawerProps {
  readonly session: OwnedSession;
  readonly ending: EndSessions;
  /** The page shows the account already. @default false */
  readonly isOnAccountPage?: boolean;
  readonly onClose: () => void;
}

/** All that an administrator may know about a session. */
export function SessionDrawer({ session, ending, isOnAccountPage = false, onClose }: SessionDrawerProps) {
  const t = useTranslations('adminSessions');
  const trpc = useTRPC();
  const query = useQuery(trpc.admin.sessions.get.queryOptions({ handle: session.handle }, { select: decode }));
  const { user, current } = session;
  const isGone = errorReason(query.error) === 'NOT_FOUND';
  return (
    <Drawer title={t('details.title', { user: user?.name ?? t('anonymous') })} onCancel={onClose}>
      {current && <p className={classes.badge}>{t('current')}</p>}
      <div className={classes.buttons}>
        {!current && !isGone && (
          <ActionButton
            variant="default"
            size="sm"
            busy={ending.isBusy(session.handle)}
            onClick={() => {
              // One dialog at a time.
              onClose();
              ending.ask([session]);
            }}
          >
            {t('endOne')}
          </ActionButton>
        )}
        {user && !isOnAccountPage && (
          <Button
            variant="default"
            size="sm"
            renderRoot={(props) => <Link to="/accounts/$userId" params={{ userId: user.id }} {...props} />}
          >
            {t('details.openUser')}
          </Button>
        )}
      </div>
      {isGone ? (
        <output>{t('details.gone')}</output>
      ) : (
        <Loaded query={query} failed={t('details.failed')} label={t('details.loading')} lines={8}>
          {(details) => <Details details={details} />}
        </Loaded>
      )}
    </Drawer>
  );
}

function Details({ details }: { details: OwnedSessionDetails }) {
  const t = useTranslations('adminSessions');
  const describeMethod = useDescribeMethod();
  const now = useServerNow({ everyMs: TICK_MS });
  const { userAgent, ip, method, data, events } = details;
  if (!now) return null;
  return (
    <>
      <Section title={t('details.origin')}>
        <Facts>
          <Fact name={t('columns.device')} note={userAgent !== null && <bdi title={t('details.userAgent')}>{userAgent}</bdi>}>
            <DeviceName userAgent={userAgent} />
          </Fact>
          <Fact name={t('columns.address')}>
            <bdi>{ip ?? t('unknownAddress')}</bdi>
          </Fact>
          <Fact name={t('columns.method')}>{describeMethod(method)}</Fact>
        </Facts>
      </Section>
      <Section title={t('details.times')}>
        <Facts>
          <TimeFact name={t('columns.signedIn')} at={details.loginTime}>
            <TimeAgo at={details.loginTime} now={now} />
          </TimeFact>
          <TimeFact name={t('columns.lastActive')} at={details.lastActivity}>
            <TimeAgo at={details.lastActivity} now={now} />
          </TimeFact>
          <TimeFact name={t('columns.expires')} at={details.expires}>
            <RelativeTime at={details.expires} now={now} />
            {details.untilBrowserCloses && <span className={classes.note}>{t('details.untilBrowserCloses')}</span>}
          </TimeFact>
          <TimeFact name={t('details.absoluteExpires')} at={details.absoluteExpires}>
            <RelativeTime at={details.absoluteExpires} now={now} />
          </TimeFact>
        </Facts>
      </Section>
      <Section title={t('details.data')}>
        {data.length === 0 ? <p className={classes.note}>{t('details.noData')}</p> : <StoredData data={data} />}
      </Section>
      <Section title={t('details.events')}>
        {events.length === 0 ? <p className={classes.note}>{t('details.noEvents')}</p> : <EventList events={events} now={now} />}
      </Section>
      <Facts>
        <Fact name={t('details.handle')} note={t('details.handleNote')}>
          <code className={classes.code}>{details.handle}</code>
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
