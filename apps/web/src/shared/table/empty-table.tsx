import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './data-table.module.css';

export interface EmptyTexts {
  readonly title: string;
  /** What will appear here, or what to do. */
  readonly text?: string;
  readonly action?: ReactNode;
}

export function EmptyTable({ isFiltered, texts }: { isFiltered: boolean; texts: EmptyTexts | undefined }) {
  const t = useTranslations('controls.table');
  const { title, text, action } = isFiltered ? { title: t('noMatches'), text: t('noMatchesText') } : (texts ?? { title: t('empty') });
  return (
    <div className={classes.empty}>
      <p className={classes.emptyTitle}>{title}</p>
      {text !== undefined && <p>{text}</p>}
      {action}
    </div>
  );
}
