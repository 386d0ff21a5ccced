import type { ActivityKind } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { activityTone } from '../../shared/activity-tone.ts';
import { Badge } from '../../shared/badge.tsx';
import classes from './event-name.module.css';

/** The kind of an event in words; important ones are marked in colour and in words. */
export function EventName({ kind }: { kind: ActivityKind }) {
  const kinds = useTranslations('activity.kinds');
  return (
    <span className={classes.event}>
      {kinds(kind)}
      <ToneBadge kind={kind} />
    </span>
  );
}

/** Says that an event is important; nothing for the others. */
export function ToneBadge({ kind }: { kind: ActivityKind }) {
  const t = useTranslations('audit.tones');
  const tone = activityTone(kind);
  if (tone === 'neutral') return null;
  return <Badge tone={tone}>{t(tone)}</Badge>;
}
