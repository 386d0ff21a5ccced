import { useServerNow } from '@gatehouse/client/tanstack';
import { IMPORTANT_KINDS, type AdminStats, type AuditEvent, type NamedAccount } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { activityTone } from '../../shared/activity-tone.ts';
import { Badge } from '../../shared/badge.tsx';
import { Card } from '../../shared/card.tsx';
import classes from '../../shared/entries.module.css';
import { TimeAgo } from '../../shared/time-display.tsx';
import { PartFailed } from './part-failed.tsx';

const TICK_MS = 10_000;

/** The latest security events of all accounts, each with a way to look further. */
export function ImportantCard({ important }: Pick<AdminStats, 'important'>) {
  const t = useTranslations('overview.important');
  const now = useServerNow({ everyMs: TICK_MS });
  const accounts = new Map(important?.accounts.map((account) => [account.id, account]));
  const all = (
    <Link to="/audit" search={{ kind: [...IMPORTANT_KINDS] }}>
      {t('all')}
    </Link>
  );
  return (
    <Card title={t('title')} aside={all}>
      {important === null ? (
        <PartFailed />
      ) : important.events.length === 0 ? (
        <p>{t('empty')}</p>
      ) : (
        <ul className={classes.list}>
          {now && important.events.map((event) => <ImportantEvent key={event.id} event={event} accounts={accounts} now={now} />)}
        </ul>
      )}
    </Card>
  );
}

interface ImportantEventProps {
  readonly event: AuditEvent;
  readonly accounts: ReadonlyMap<string, NamedAccount>;
  readonly now: Date;
}

function ImportantEvent({ event: { kind, at, ip, userId }, accounts, now }: ImportantEventProps) {
  const kinds = useTranslations('activity.kinds');
  const tones = useTranslations('audit.tones');
  const account = userId === null ? undefined : accounts.get(userId);
  const tone = activityTone(kind);
  return (
    <li className={classes.item}>
      <span className={classes.what}>
        <span>{kinds(kind)}</span>
        {tone === 'danger' && <Badge tone={tone}>{tones(tone)}</Badge>}
      </span>
      <span className={classes.when}>
        <TimeAgo at={at} now={now} />
      </span>
      {(account || ip !== null) && (
        <span className={classes.note}>
          {account && (
            <Link to="/accounts/$userId" params={{ userId: account.id }}>
              <bdi>{account.name}</bdi>
            </Link>
          )}
          {account && ip !== null && ' · '}
          {ip !== null && (
            <Link to="/audit" search={{ address: ip }}>
              <bdi>{ip}</bdi>
            </Link>
          )}
        </span>
      )}
    </li>
  );
}
