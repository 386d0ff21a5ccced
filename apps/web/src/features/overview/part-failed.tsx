import { useTranslations } from 'use-intl/react';

/** In place of a part that the server could not read. The other parts are still there. */
export function PartFailed() {
  const t = useTranslations('overview');
  return <p>{t('partFailed')}</p>;
}
