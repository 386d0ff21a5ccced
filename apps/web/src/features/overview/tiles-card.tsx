import type { AdminStats } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import { Card } from '../../shared/card.tsx';
import classes from './tiles-card.module.css';

/** The kinds of events behind "failed sign-ins". */
const FAILURES = ['sign_in_failed'] as const;

/** The figures that an administrator looks for first. Those with entries in the audit trail lead to them. */
export function TilesCard({ stats: { active, users, signIns, expiringSoon } }: { stats: AdminStats }) {
  const t = useTranslations('overview.now');
  const { number } = useFormats();
  const sum = (key: 'failed' | 'blocked') => signIns?.hours.reduce((total, bucket) => total + bucket[key], 0);
  const failed = sum('failed');
  const show = (value: number | null | undefined) => (value === null || value === undefined ? undefined : number(value));
  const showAtLeast = (count: number | undefined, isAtLeast: boolean | undefined) => {
    const shown = show(count);
    return shown !== undefined && isAtLeast ? t('atLeast', { count: shown }) : shown;
  };
  const lastNight = (
    <Link to="/audit" search={{ kind: [...FAILURES], period: 'night' }}>
      {t('lastNight')}
    </Link>
  );
  return (
    <Card title={t('title')} aside={lastNight}>
      <dl className={classes.tiles}>
        <Tile name={<Link to="/all-sessions">{t('sessions')}</Link>} value={showAtLeast(active?.sessions, active?.isAtLeast)} />
        <Tile name={<Link to="/accounts">{t('users')}</Link>} value={showAtLeast(active?.users, active?.isAtLeast)} />
        <Tile
          name={
            <Link to="/audit" search={{ kind: [...FAILURES], period: 'day' }}>
              {t('failed')}
            </Link>
          }
          value={show(failed)}
          note={t('lastDay')}
          isAlarming={failed !== undefined && failed > 0}
        />
        <Tile name={t('blocked')} value={show(sum('blocked'))} note={t('blockedNote')} />
        <Tile name={t('expiring')} value={showAtLeast(expiringSoon?.sessions, expiringSoon?.isAtLeast)} note={t('withinDay')} />
        <Tile name={t('accounts')} value={show(users)} />
      </dl>
    </Card>
  );
}

interface TileProps {
  readonly name: ReactNode;
  /** undefined: it could not be read. */
  readonly value: string | undefined;
  readonly note?: string;
  readonly isAlarming?: boolean;
}

function Tile({ name, value, note, isAlarming = false }: TileProps) {
  const t = useTranslations('overview.now');
  return (
    <div className={classes.tile} data-alarming={isAlarming || undefined}>
      <dt className={classes.name}>{name}</dt>
      <dd className={classes.value}>
        {value ?? <span className={classes.unknown}>{t('unknown')}</span>}
        {note !== undefined && <span className={classes.note}>{note}</span>}
      </dd>
    </div>
  );
}
