import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { TextFilter } from '../../shared/table/text-filter.tsx';
import classes from './audit-card.module.css';
import type { AuditTrail } from './audit-page.ts';
import { hasFilter, type AuditTableSearch } from './audit-search.ts';
import { KindSelect } from './kind-select.tsx';
import { PeriodSelect } from './period-select.tsx';
import type { ChangeFilter } from './use-change-filter.ts';
import { UserSelect } from './user-select.tsx';

interface AuditFiltersProps {
  readonly search: AuditTableSearch;
  readonly change: ChangeFilter;
  /** Of the entries; undefined while they load. */
  readonly accounts: AuditTrail['accounts'] | undefined;
}

/** The filters of the audit trail. Each applies as it is chosen. */
export function AuditFilters({ search, change, accounts }: AuditFiltersProps) {
  const t = useTranslations('audit.filters');
  const { kind, user, actor, address, session } = search;
  const [isOpen, setIsOpen] = useState(false);
  const hasMore = actor !== undefined || address !== undefined || session !== undefined;
  const isExpanded = isOpen || hasMore;
  return (
    <>
      <PeriodSelect search={search} change={change} />
      <KindSelect value={kind ?? []} onChange={(kinds) => change({ kind: kinds })} />
      <UserSelect label={t('user')} value={user} accounts={accounts} onChange={(userId) => change({ user: userId })} />
      {isExpanded && (
        <>
          <UserSelect label={t('actor')} value={actor} accounts={accounts} onChange={(userId) => change({ actor: userId })} />
          <TextFilter
            className={classes.filter}
            label={t('address')}
            placeholder="10.0.0.1"
            value={address}
            onChange={(text) => change({ address: text }, { replace: true })}
          />
          <TextFilter
            className={classes.filter}
            label={t('session')}
            placeholder="ses_…"
            value={session}
            onChange={(text) => change({ session: text }, { replace: true })}
          />
        </>
      )}
      <div className={classes.filterButtons}>
        {!hasMore && (
          <Button variant="default" size="sm" aria-expanded={isExpanded} onClick={() => setIsOpen(!isOpen)}>
            {t('more')}
          </Button>
        )}
        {hasFilter(search) && (
          <Button variant="default" size="sm" onClick={() => change(NO_FILTER)}>
            {t('clear')}
          </Button>
        )}
      </div>
    </>
  );
}

const NO_FILTER = {
  period: undefined,
  since: undefined,
  until: undefined,
  kind: undefined,
  user: undefined,
  actor: undefined,
  address: undefined,
  session: undefined,
} satisfies Partial<AuditTableSearch>;
