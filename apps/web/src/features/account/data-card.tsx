import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { withBasePath } from '../../shared/base-path.ts';
import { Card } from '../../shared/card.tsx';
import classes from './data-card.module.css';

/** Not a page of this app. The server redirects signed-out users to the login page. */
const EXPORT_PATH = '/account/export';

export function DataCard() {
  const t = useTranslations('account.data');
  return (
    <Card title={t('title')}>
      <div className={classes.data}>
        <p>{t('text')}</p>
        <Button component="a" href={withBasePath(EXPORT_PATH)} variant="default">
          {t('download')}
        </Button>
      </div>
    </Card>
  );
}
