import { errorReason } from '@gatehouse/client';
import { Button } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { describeFailure, isServerUnavailable } from '../shared/failure.ts';
import { Message } from '../shared/message.tsx';
import { RequestId } from '../shared/request-id.tsx';
import { Standalone } from './layout/standalone.tsx';
import { ForbiddenMessage } from './forbidden-message.tsx';
import { useRetryOnReconnect } from './use-retry-on-reconnect.ts';

/** Errors of code that failed to load: offline, or replaced by a new release. Vite identifies them; messages differ by browser. */
const loadErrors = new WeakSet<Error>();
window.addEventListener('vite:preloadError', ({ payload }) => void loadErrors.add(payload));

/** Replaces a page whose guard, code or rendering failed. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const t = useTranslations('shell');
  const router = useRouter();
  const queryErrors = useQueryErrorResetBoundary();
  const retry = () => {
    queryErrors.reset();
    reset();
    void router.invalidate();
  };
  useRetryOnReconnect({ retry, pingServer: isServerUnavailable(error) });
  if (errorReason(error) === 'ROLE_REQUIRED') {
    return (
      <Standalone>
        <ForbiddenMessage />
      </Standalone>
    );
  }

  const { message, requestId } = describeFailure(error);
  return (
    <Standalone>
      <Message title={t('error.title')} {...explain(error, message, t)}>
        <RequestId id={requestId} />
        <Button onClick={retry}>{t('tryAgain')}</Button>
      </Message>
    </Standalone>
  );
}

type Translate = ReturnType<typeof useTranslations<'shell'>>;

function explain(error: unknown, message: string, t: Translate): { kicker: string; heading: string; lead: string } {
  if (isServerUnavailable(error))
    return { kicker: t('error.connectionKicker'), heading: t('error.unreachable'), lead: t('error.notSignedOut', { message }) };
  if (error instanceof Error && loadErrors.has(error))
    return { kicker: t('error.connectionKicker'), heading: t('error.notLoaded'), lead: t('error.checkConnection') };
  return { kicker: t('error.kicker'), heading: t('error.heading'), lead: message };
}
