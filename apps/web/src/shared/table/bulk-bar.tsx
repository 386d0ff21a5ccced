import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './data-table.module.css';

/** Appears while rows are selected, and stays on screen while the page scrolls. */
export function BulkBar({ count, onClear, children }: { count: number; onClear: () => void; children: ReactNode }) {
  const t = useTranslations('controls.table');
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <fieldset> has its own layout
    <div role="group" aria-label={t('selected', { count })} className={classes.bulk}>
      <output>{t('selected', { count })}</output>
      <div className={classes.bulkActions}>
        {children}
        <Button variant="subtle" size="xs" onClick={onClear}>
          {t('clearSelection')}
        </Button>
      </div>
    </div>
  );
}
