import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl/react';
import { withBasePath } from '../../shared/base-path.ts';
import { Card } from '../../shared/card.tsx';
import classes from './report-card.module.css';

/** Not a page of this app. The server checks the role. */
const REPORT_PATH = '/admin/sessions.csv';

export function ReportCard() {
  const t = useTranslations('overview.report');
  return (
    <Card title={t('title')}>
      <div className={classes.report}>
        <p>{t('text')}</p>
        <Button component="a" href={withBasePath(REPORT_PATH)} variant="default">
          {t('download')}
        </Button>
      </div>
    </Card>
  );
}
