import { errorReason } from '@gatehouse/client';
import { Button } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { isAway } from '../shared/away.ts';
import { describeFailure } from '../shared/failure.ts';
import { Message } from '../shared/message.tsx';
import { RequestId } from '../shared/request-id.tsx';
import { Standalone } from './layout/standalone.tsx';
import { ForbiddenMessage } from './forbidden-message.tsx';

/** A page that could not be shown: its guard could not ask, or something broke on the way. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queryErrors = useQueryErrorResetBoundary();
  if (errorReason(error) === 'ROLE_REQUIRED') {
    return (
      <Standalone>
        <ForbiddenMessage />
      </Standalone>
    );
  }

  const { message, requestId } = describeFailure(error);
  const retry = () => {
    queryErrors.reset();
    reset();
    void router.invalidate();
  };
  return (
    <Standalone>
      <Message
        title="Something went wrong"
        kicker={isAway(error) ? 'No answer' : 'Error'}
        heading={isAway(error) ? 'Gatehouse cannot be reached' : 'This page could not be shown'}
        lead={message}
      >
        <RequestId id={requestId} />
        <Button onClick={retry}>Try again</Button>
      </Message>
    </Standalone>
  );
}
