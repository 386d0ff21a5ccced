import type { AdminStats } from '@gatehouse/contract';
import { lazy, Suspense, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import { Card } from '../../shared/card.tsx';
import { ChoiceGroup } from '../../shared/choice-group.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
import { bucketLabels } from './bucket-label.ts';
import { PartFailed } from './part-failed.tsx';
import { SignInTable } from './sign-in-table.tsx';
import classes from './sign-ins-card.module.css';

const SignInChart = lazy(() =>
  import('./sign-in-chart.tsx').then(
    (module) => ({ default: module.SignInChart }),
    // Offline, or a new version of the app is deployed. The table has the same figures.
    () => ({ default: SignInTable }),
  ),
);

type Period = 'hours' | 'days';
type View = 'chart' | 'table';

/** Sign-ins and failures over time, as a chart or as a table. */
export function SignInsCard({ signIns }: Pick<AdminStats, 'signIns'>) {
  const t = useTranslations('overview.signIns');
  const { number } = useFormats();
  const locale = useLocale();
  const [period, setPeriod] = useState<Period>('hours');
  const [view, setView] = useState<View>('chart');
  if (!signIns)
    return (
      <Card title={t('title')}>
        <PartFailed />
      </Card>
    );
  const label = bucketLabels(period, locale);
  const rows = signIns[period].map(({ from, ...counts }) => ({ ...counts, id: from.getTime(), label: label(from) }));
  const sum = (key: 'signedIn' | 'failed' | 'blocked' | 'locked') => rows.reduce((total, row) => total + row[key], 0);
  const isEmpty = sum('signedIn') + sum('failed') + sum('blocked') + sum('locked') === 0;
  const caption = t(`${period}Caption`);
  const chartLabel = t('chartLabel', {
    caption,
    signedIn: number(sum('signedIn')),
    failed: number(sum('failed')),
    blocked: number(sum('blocked')),
  });
  const table = <SignInTable rows={rows} caption={caption} head={t(period === 'hours' ? 'hour' : 'day')} />;
  return (
    <Card title={t('title')}>
      <div className={classes.choices}>
        <ChoiceGroup
          label={t('period')}
          value={period}
          onChange={setPeriod}
          choices={(['hours', 'days'] as const).map((value) => ({ value, label: t(value) }))}
        />
        <ChoiceGroup
          label={t('view')}
          value={view}
          onChange={setView}
          choices={(['chart', 'table'] as const).map((value) => ({ value, label: t(value) }))}
        />
      </div>
      {isEmpty ? (
        <p className={classes.note}>{t('empty')}</p>
      ) : view === 'table' ? (
        <div className={classes.table}>{table}</div>
      ) : (
        <>
          <div className={classes.chart}>
            <Suspense fallback={<Placeholder lines={6} label={t('loadingChart')} />}>
              <SignInChart rows={rows} caption={chartLabel} head={t(period === 'hours' ? 'hour' : 'day')} />
            </Suspense>
          </div>
          <div className={classes.hidden}>{table}</div>
        </>
      )}
      {!signIns.isComplete && <p className={classes.note}>{t('incomplete')}</p>}
    </Card>
  );
}
