import { errorReason } from '@gatehouse/client';
import { Button } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
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
      <Message title="Something went wrong" {...explain(error, message)}>
        <RequestId id={requestId} />
        <Button onClick={retry}>Try again</Button>
      </Message>
    </Standalone>
  );
}

function explain(error: unknown, message: string): { kicker: string; heading: string; lead: string } {
  if (isServerUnavailable(error))
    return { kicker: 'Connection problem', heading: 'Gatehouse can’t be reached', lead: `${message} This does not sign you out.` };
  if (error instanceof Error && loadErrors.has(error))
    return { kicker: 'Connection problem', heading: 'This page could not be loaded', lead: 'Check your connection and try again.' };
  return { kicker: 'Error', heading: 'This page could not be displayed', lead: message };
}
