import type { Activity } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { activityTone } from './activity-tone.ts';
import { Badge } from './badge.tsx';
import { useDescribeDevice } from './device-name.tsx';
import classes from './event-list.module.css';
import { ExactTime, TimeAgo } from './time-display.tsx';

type ListedEvent = Pick<Activity, 'id' | 'kind' | 'at' | 'ip' | 'userAgent'>;

/** A timeline of security events, in the given order. Important ones are marked in colour and in words. */
export function EventList({ events, now }: { events: readonly ListedEvent[]; now: Date }) {
  const t = useTranslations('activity');
  const describeDevice = useDescribeDevice();
  return (
    <ul className={classes.list}>
      {events.map(({ id, kind, at, ip, userAgent }) => {
        const tone = activityTone(kind);
        const device = userAgent === null ? undefined : describeDevice(userAgent);
        return (
          <li key={id} className={classes.item} data-tone={tone}>
            <span className={classes.what}>
              {/* A server of a later version may record more kinds. */}
              {t.has(`kinds.${kind}`) ? t(`kinds.${kind}`) : kind}
              {tone !== 'neutral' && <Badge tone={tone}>{t(`tones.${tone}`)}</Badge>}
            </span>
            <span className={classes.when}>
              <TimeAgo at={at} now={now} />
            </span>
            <span className={classes.where}>
              {device}
              {device !== undefined && ip !== null && ' · '}
              {ip !== null && <bdi>{ip}</bdi>}
            </span>
            <span className={classes.exact}>
              <ExactTime at={at} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
