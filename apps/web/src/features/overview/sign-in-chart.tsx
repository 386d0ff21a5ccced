import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { useDirection } from '@mantine/core';
import '@mantine/core/styles/ColorSwatch.css';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import type { SignInRows } from './sign-in-table.tsx';
import classes from './sign-in-chart.module.css';

const HEIGHT_PX = 280;

/** Mantine moves the labels to the left of the axis, also if the axis is on the right. */
const MIRRORED_TICK = { transform: 'translate(10, 0)', fontSize: 12, fill: 'currentColor' };

/** A bar for each hour or day. It is a picture: the table has the figures for screen readers. */
export function SignInChart({ rows, caption }: SignInRows) {
  const t = useTranslations('overview.signIns');
  const { number } = useFormats();
  const isRtl = useDirection().dir === 'rtl';
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the picture is drawn in the page
    <div role="img" aria-label={caption} className={classes.chart}>
      <BarChart
        h={HEIGHT_PX}
        // A new array for each update: recharts changes its data.
        data={rows.map((row) => ({ ...row }))}
        dataKey="label"
        type="stacked"
        series={[
          { name: 'signedIn', label: t('signedIn'), color: 'var(--chart-signed-in)' },
          { name: 'failed', label: t('failed'), color: 'var(--chart-failed)' },
          { name: 'blocked', label: t('blocked'), color: 'var(--chart-blocked)' },
        ]}
        withLegend
        // In the order of the series.
        legendProps={{ itemSorter: null }}
        tickLine="none"
        gridAxis="x"
        valueFormatter={number}
        yAxisProps={{ allowDecimals: false, width: 44, orientation: isRtl ? 'right' : 'left', ...(isRtl && { tick: MIRRORED_TICK }) }}
        xAxisProps={{ reversed: isRtl, interval: 'equidistantPreserveStart', minTickGap: 16 }}
        // The figures change every few seconds.
        barProps={{ isAnimationActive: false }}
        // The picture has one name, and nothing in it takes the focus.
        barChartProps={{ accessibilityLayer: false, tabIndex: -1 }}
      />
    </div>
  );
}
