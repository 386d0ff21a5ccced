import { useServerNow } from '@gatehouse/client/tanstack';
import { useTranslations } from 'use-intl/react';
import { Card } from '../../shared/card.tsx';
import { Columns } from '../../shared/columns.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { useFormats } from '../../i18n/use-formats.ts';
import { BrowsersCard } from './browsers-card.tsx';
import { EngineCard } from './engine-card.tsx';
import { ImportantCard } from './important-card.tsx';
import { ReportCard } from './report-card.tsx';
import { SignEveryoneOutCard } from './sign-everyone-out-card.tsx';
import { SignInsCard } from './sign-ins-card.tsx';
import { TilesCard } from './tiles-card.tsx';
import { useAdminStats } from './use-admin-stats.ts';

const TICK_MS = 10_000;

/** All cards of the overview. What needs no figures is there even if they cannot be loaded. */
export function Overview() {
  const t = useTranslations('overview');
  const query = useAdminStats();
  const stats = query.data;
  const tools = <Columns wide={<ReportCard />} narrow={<SignEveryoneOutCard sessions={stats?.active?.sessions} />} isLevel />;
  if (stats === undefined)
    return (
      <>
        <Card title={t('now.title')}>
          <Loaded query={query} failed={t('failed')} lines={8} label={t('loading')}>
            {() => null}
          </Loaded>
        </Card>
        {tools}
      </>
    );
  return (
    <>
      <div>
        {/* Always rendered, because screen readers announce only changes of an existing live region. */}
        <output>{query.isRefetchError && <Stale at={stats.at} />}</output>
        <TilesCard stats={stats} />
      </div>
      <Columns wide={<SignInsCard signIns={stats.signIns} />} narrow={<BrowsersCard browsers={stats.browsers} />} isLevel />
      <Columns wide={<ImportantCard important={stats.important} />} narrow={<EngineCard engine={stats.engine} />} isLevel />
      {tools}
    </>
  );
}

function Stale({ at }: { at: Date }) {
  const t = useTranslations('overview');
  const now = useServerNow({ everyMs: TICK_MS });
  const { timeAgo } = useFormats();
  return now && t('stale', { when: timeAgo(at, now) });
}
