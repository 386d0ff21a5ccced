import { errorReason } from '@gatehouse/client';
import { useServerNow, useTRPC } from '@gatehouse/client/tanstack';
import { sessionDetailsSchema, type SessionDetails, type SessionRow } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { DeviceName } from '../../shared/device-name.tsx';
import { Drawer } from '../../shared/dialog.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { useDescribeMethod } from '../../shared/sign-in-method.ts';
import { RelativeTime, TimeAgo } from '../../shared/time-display.tsx';
import { TimeFact } from '../../shared/time-fact.tsx';
import { SessionActions } from './session-actions.tsx';
import classes from './session-drawer.module.css';
import { SessionEvents } from './session-events.tsx';
import type { EndSession } from './use-end-session.ts';

const TICK_MS = 10_000;

const decode = (wire: unknown) => sessionDetailsSchema.parse(wire);

interface SessionDrawerProps {
  readonly session: SessionRow;
  readonly name: string;
  readonly ownIp: string | null;
  readonly ending: EndSession;
  readonly onClose: () => void;
}

/** All that is known about one of the user's own sessions. */
export function SessionDrawer({ session, name, ownIp, ending, onClose }: SessionDrawerProps) {
  const t = useTranslations('sessions');
  const trpc = useTRPC();
  const query = useQuery(trpc.sessions.get.queryOptions({ handle: session.handle }, { select: decode }));
  const isGone = errorReason(query.error) === 'NOT_FOUND';
  return (
    <Drawer title={name} onCancel={onClose}>
      {isGone ? (
        <output>{t('details.gone')}</output>
      ) : (
        <>
          <div className={classes.top}>
            {session.current && <span className={classes.current}>{t('current')}</span>}
            <SessionActions session={session} name={name} ending={ending} size="sm" onEnd={onClose} />
          </div>
          <Loaded query={query} failed={t('details.failed')} label={t('details.loading')} lines={8}>
            {(details) => <Details details={details} ownIp={ownIp} />}
          </Loaded>
        </>
      )}
    </Drawer>
  );
}

function Details({ details, ownIp }: { details: SessionDetails; ownIp: string | null }) {
  const t = useTranslations('sessions');
  const describeMethod = useDescribeMethod();
  const now = useServerNow({ everyMs: TICK_MS });
  const { userAgent, ip, current, method, data, events } = details;
  if (!now) return null;
  return (
    <>
      <Facts>
        <Fact name={t('columns.device')} note={userAgent !== null && <bdi title={t('details.userAgent')}>{userAgent}</bdi>}>
          <DeviceName userAgent={userAgent} />
        </Fact>
        <Fact name={t('columns.address')} note={!current && ip !== null && ip === ownIp && t('sameAddress')}>
          <span>
            <bdi>{ip ?? t('unknownAddress')}</bdi>
          </span>
        </Fact>
        <Fact name={t('columns.method')}>{describeMethod(method)}</Fact>
      </Facts>
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
        {data.length === 0 ? <p className={classes.note}>{t('details.noData')}</p> : <DataKeys data={data} />}
      </Section>
      <Section title={t('details.events')}>
        <SessionEvents events={events} now={now} />
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

function DataKeys({ data }: { data: SessionDetails['data'] }) {
  const t = useTranslations('sessions.details');
  return (
    <>
      <ul className={classes.keys}>
        {data.map(({ key, bytes }) => (
          <li key={key}>
            <code className={classes.code}>{key}</code>
            <span className={classes.note}>{t('bytes', { bytes })}</span>
          </li>
        ))}
      </ul>
      <p className={classes.note}>{t('dataNote')}</p>
    </>
  );
}
