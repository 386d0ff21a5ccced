import { useTranslations } from 'use-intl/react';
import classes from './request-id.module.css';

/** The request id to quote when reporting an error. */
export function RequestId({ id }: { id: string | undefined }) {
  const t = useTranslations('errors');
  if (!id) return null;
  return (
    <p className={classes.note}>
      {t('requestId')} <code className={classes.id}>{id}</code>
    </p>
  );
}
