import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { Message } from '../shared/message.tsx';

/** For signed-in users without the required role. Does not offer sign-in, which would not help. */
export function ForbiddenMessage() {
  const t = useTranslations('shell');
  return (
    <Message title={t('forbidden.title')} kicker={t('forbidden.title')} heading={t('forbidden.heading')} lead={t('forbidden.lead')}>
      <Button renderRoot={(props) => <Link to="/" {...props} />}>{t('goHome')}</Button>
    </Message>
  );
}
