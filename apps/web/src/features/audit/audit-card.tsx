import { useTRPC } from '@gatehouse/client/tanstack';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { activityTone } from '../../shared/activity-tone.ts';
import { withBasePath } from '../../shared/base-path.ts';
import { Card } from '../../shared/card.tsx';
import { DataTable } from '../../shared/table/data-table.tsx';
import { useTableState } from '../../shared/table/use-table-state.ts';
import classes from './audit-card.module.css';
import { useAuditColumns, useDescribeEntry } from './audit-columns.tsx';
import { AuditDrawer } from './audit-drawer.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { decodeAuditPage, type AuditRow } from './audit-page.ts';
import { exportPath, hasFilter, type AuditTableSearch, type toAuditPage } from './audit-search.ts';
import { AuditSummary } from './audit-summary.tsx';
import { useChangeFilter } from './use-change-filter.ts';

/** New entries come without this page, so it asks again at this interval. */
const REFRESH_MS = 10_000;

interface AuditCardProps {
  readonly search: AuditTableSearch;
  /** Of the same search parameters. The page's loader has sent it. */
  readonly input: ReturnType<typeof toAuditPage>;
}

/** The filters, the matching entries, and their export. */
export function AuditCard({ search, input }: AuditCardProps) {
  const t = useTranslations('audit');
  const query = useQuery(
    useTRPC().admin.audit.queryOptions(input, {
      select: decodeAuditPage,
      placeholderData: keepPreviousData,
      refetchInterval: REFRESH_MS,
      // The loader has made the call that counts as activity. Watching the page does not.
      trpc: { context: { background: true } },
    }),
  );
  const state = useTableState(search);
  const change = useChangeFilter();
  const columns = useAuditColumns();
  const describe = useDescribeEntry();
  const [open, setOpen] = useState<AuditRow>();
  const { cursor: _cursor, ...filter } = input;
  const downloads = (
    <p className={classes.links}>
      <span>{t('export.label')}</span>
      <a href={withBasePath(exportPath('csv', filter))} download>
        {t('export.csv')}
      </a>
      <a href={withBasePath(exportPath('jsonl', filter))} download>
        {t('export.json')}
      </a>
    </p>
  );
  return (
    <Card title={t('card')} aside={downloads}>
      <output className={classes.note}>
        <AuditSummary filter={filter} />
      </output>
      <DataTable
        label={t('table')}
        failed={t('failed')}
        query={query}
        columns={columns}
        rowId={({ event }) => event.id}
        rowName={describe}
        state={state}
        filters={<AuditFilters search={search} change={change} accounts={query.isPlaceholderData ? undefined : query.data?.accounts} />}
        isFiltered={hasFilter(search)}
        onOpen={setOpen}
        rowTone={({ event }) => (activityTone(event.kind) === 'danger' ? 'danger' : undefined)}
        empty={{ title: t('empty.title'), text: t('empty.text') }}
      />
      {open && <AuditDrawer row={open} onClose={() => setOpen(undefined)} />}
    </Card>
  );
}
