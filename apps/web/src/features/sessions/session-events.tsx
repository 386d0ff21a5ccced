import type { SessionEvent } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { EventList } from '../../shared/event-list.tsx';
import classes from './session-drawer.module.css';

/** Newest first. */
export function SessionEvents({ events, now }: { events: readonly SessionEvent[]; now: Date }) {
  const t = useTranslations('sessions.details');
  if (events.length === 0) return <p className={classes.note}>{t('noEvents')}</p>;
  return <EventList events={events} now={now} />;
}
