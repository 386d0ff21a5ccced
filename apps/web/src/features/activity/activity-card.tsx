import { useServerNow, useTRPC } from '@gatehouse/client/tanstack';
import type { Activity } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { Card } from '../../shared/card.tsx';
import { EventList } from '../../shared/event-list.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import classes from './activity-card.module.css';

const TICK_MS = 10_000;

/** Without the contract's schema, because the dashboard is the first page that many see, and zod would be an eighth of its code. */
const decode = (wire: ReadonlyArray<Omit<Activity, 'at'> & { readonly at: string }>) =>
  wire.map((event) => ({ ...event, at: new Date(event.at) }));

/** The latest security events of the account: sign-ins, failed attempts and changes. */
export function ActivityCard() {
  const t = useTranslations('activity');
  const activity = useQuery(useTRPC().account.recentActivity.queryOptions(undefined, { select: decode }));
  const now = useServerNow({ everyMs: TICK_MS });
  return (
    <Card title={t('title')}>
      <Loaded query={activity} failed={t('failed')} lines={4} label={t('loading')}>
        {(list) => now && (list.length === 0 ? <p className={classes.empty}>{t('empty')}</p> : <EventList events={list} now={now} />)}
      </Loaded>
    </Card>
  );
}
