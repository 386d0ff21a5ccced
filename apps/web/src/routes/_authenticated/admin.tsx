import { createFileRoute } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { loadData } from '../../app/load-data.ts';
import { Overview } from '../../features/overview/overview.tsx';
import { Page } from '../../shared/page.tsx';

export const Route = createFileRoute('/_authenticated/admin')({
  staticData: { nav: { label: 'admin', order: 6 }, role: 'admin' },
  loader: (args) => loadData(args, (trpc, call) => [trpc.admin.stats.queryOptions(undefined, call)]),
  component: Administration,
});

function Administration() {
  const t = useTranslations('overview');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Overview />
    </Page>
  );
}
