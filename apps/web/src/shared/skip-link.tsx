import type { MouseEvent } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './skip-link.module.css';

/** The first stop of the Tab key. Moves the focus by script, so that the URL keeps its hash. */
export function SkipLink() {
  const t = useTranslations('shell');
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById('main')?.focus();
  };
  return (
    <a href="#main" onClick={skip} className={classes.skip}>
      {t('skipToContent')}
    </a>
  );
}
