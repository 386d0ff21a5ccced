import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { Message } from '../shared/message.tsx';
import { Standalone } from './layout/standalone.tsx';

export function NotFoundPage() {
  const t = useTranslations('shell');
  return (
    <Standalone>
      <Message title={t('notFound.title')} kicker="404" lead={t('notFound.lead')}>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>{t('goHome')}</Button>
      </Message>
    </Standalone>
  );
}
