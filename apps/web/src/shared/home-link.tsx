import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { BrandMark } from './brand-mark.tsx';
import classes from './home-link.module.css';

export function HomeLink() {
  const t = useTranslations('shell');
  return (
    <Link to="/" className={classes.home} aria-label={t('homeLink')}>
      <BrandMark size={30} />
      <span className={classes.name}>{t('appName')}</span>
    </Link>
  );
}
