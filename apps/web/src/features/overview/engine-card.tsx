import type { AdminStats } from '@gatehouse/contract';
import { useLocale, useTranslations } from 'use-intl/react';
import { Card } from '../../shared/card.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import classes from './report-card.module.css';

type Latency = AdminStats['engine']['reads'];

/** How fast the storage of sessions answers. */
export function EngineCard({ engine: { name, reads, writes } }: Pick<AdminStats, 'engine'>) {
  const t = useTranslations('overview.engine');
  const locale = useLocale();
  const milliseconds = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const latency = (label: string, { p50Ms, p95Ms, calls }: Latency) =>
    p50Ms === null || p95Ms === null ? (
      <Fact name={label}>{t('none')}</Fact>
    ) : (
      <Fact name={label} note={t('note', { p95: milliseconds.format(p95Ms), calls })}>
        {t('latency', { p50: milliseconds.format(p50Ms) })}
      </Fact>
    );
  return (
    <Card title={t('title')}>
      <Facts>
        <Fact name={t('name')}>{name}</Fact>
        {latency(t('reads'), reads)}
        {latency(t('writes'), writes)}
      </Facts>
      <p className={classes.note}>{t('since')}</p>
    </Card>
  );
}
