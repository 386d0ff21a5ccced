import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../action-button.tsx';
import type { TablePage } from './data-column.ts';
import classes from './data-table.module.css';
import type { TableState } from './use-table-state.ts';

interface TablePagesProps {
  readonly state: TableState;
  readonly page: TablePage<unknown>;
  readonly pageSize: number;
  readonly busy: boolean;
}

/** Previous and next page. Nothing if everything fits on one page. */
export function TablePages({ state, page: { total, next }, pageSize, busy }: TablePagesProps) {
  const t = useTranslations('controls.table');
  const pages = total === undefined ? undefined : Math.max(1, Math.ceil(total / pageSize));
  const hasNext = pages === undefined ? next !== undefined && next !== null && next !== false : state.page < pages;
  if (state.page === 1 && !hasNext) return null;
  return (
    <nav aria-label={t('pages')} className={classes.pages}>
      <ActionButton variant="default" size="sm" busy={busy} disabled={state.page === 1} onClick={state.onPrevious}>
        {t('previous')}
      </ActionButton>
      <output>{pages === undefined ? t('page', { page: state.page }) : t('pageOf', { page: state.page, pages })}</output>
      <ActionButton
        variant="default"
        size="sm"
        busy={busy}
        disabled={!hasNext}
        onClick={() => state.onNext(typeof next === 'string' ? next : undefined)}
      >
        {t('next')}
      </ActionButton>
    </nav>
  );
}
