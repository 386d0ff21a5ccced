import { useEffect, useRef } from 'react';
import { describeFailure } from './failure.ts';
import classes from './form-failure.module.css';
import { RetryCountdown } from './retry-countdown.tsx';
import { RequestId } from './request-id.tsx';

/** Why a form was not accepted as a whole: read out at once, and given the focus. */
export function FormFailure({ error }: { error: unknown }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) box.current?.focus();
  }, [error]);
  const { message, requestId, retryAfterSeconds } = describeFailure(error);
  return (
    <div ref={box} role="alert" tabIndex={-1} className={classes.failure}>
      <p>
        {message}
        {retryAfterSeconds !== undefined && <RetryCountdown seconds={retryAfterSeconds} />}
      </p>
      <RequestId id={requestId} />
    </div>
  );
}
