import { useTranslations } from 'use-intl/react';
import { withBasePath } from './base-path.ts';
import { BrandMark } from './brand-mark.tsx';
import classes from './home-link.module.css';

/** `HomeLink` for the sign-in page, which must not need the router. Loads the page anew. */
export function HomeAnchor() {
  const t = useTranslations('shell');
  return (
    <a href={withBasePath('/')} className={classes.home} aria-label={t('homeLink')}>
      <BrandMark size={30} />
      {t('appName')}
    </a>
  );
}
