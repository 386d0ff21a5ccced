import { use } from 'react';
import { useTranslations } from 'use-intl/react';
import { BrandMark } from '../shared/brand-mark.tsx';
import { InsideLayout } from './layout/inside-layout.ts';
import classes from './pending-page.module.css';

/** Shown while a guard waits for the server, or while the code of a page loads. */
export function PendingPage() {
  const t = useTranslations('shell');
  const mark = (
    <output aria-label={t('loading')}>
      <BrandMark size={44} />
    </output>
  );
  return use(InsideLayout) ? (
    <div className={classes.pending}>{mark}</div>
  ) : (
    <main id="main" tabIndex={-1} className={classes.pending}>
      {mark}
    </main>
  );
}
