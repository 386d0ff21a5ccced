import { errorReason } from '@gatehouse/client';
import { Button } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { isAway } from '../shared/away.ts';
import { describeFailure } from '../shared/failure.ts';
import { Message } from '../shared/message.tsx';
import { RequestId } from '../shared/request-id.tsx';
import { Standalone } from './layout/standalone.tsx';
import { isFailedCode } from './failed-code.ts';
import { ForbiddenMessage } from './forbidden-message.tsx';
import { useRetryWhenBack } from './use-retry-when-back.ts';

/** A page that could not be shown: its guard could not ask, or something broke on the way. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queryErrors = useQueryErrorResetBoundary();
  const retry = () => {
    queryErrors.reset();
    reset();
    void router.invalidate();
  };
  useRetryWhenBack({ retry, asks: isAway(error) });
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
  if (isAway(error)) return { kicker: 'No answer', heading: 'Gatehouse cannot be reached', lead: `${message} This does not sign you out.` };
  if (isFailedCode(error))
    return { kicker: 'No answer', heading: 'This page could not be loaded', lead: 'Check your connection, then try again.' };
  return { kicker: 'Error', heading: 'This page could not be shown', lead: message };
}
