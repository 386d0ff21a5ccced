import { useMe, useServerNow } from '@gatehouse/client/tanstack';
import { useTranslations } from 'use-intl/react';
import { Card } from '../../shared/card.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
import { SessionSpan } from './session-span.tsx';
import { SessionTimes } from './session-times.tsx';

/** Relative times change every minute, so a delay of ten seconds is not noticeable. */
const TICK_MS = 10_000;

export function SessionCard() {
  const t = useTranslations('session.card');
  const { data: me } = useMe();
  const now = useServerNow({ everyMs: TICK_MS });
  return (
    <Card title={t('title')}>
      {me && now ? (
        <>
          <SessionSpan session={me.session} now={now} />
          <SessionTimes session={me.session} now={now} />
        </>
      ) : (
        <Placeholder lines={5} label={t('loading')} />
      )}
    </Card>
  );
}
