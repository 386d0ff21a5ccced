import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../i18n/use-formats.ts';
import { describeFailure } from './failure.ts';
import classes from './form-failure.module.css';
import { RequestId } from './request-id.tsx';

/** An error of a whole form. It is announced to screen readers and gets the focus. */
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

/** "Try again in 40 seconds.", counting down. Screen readers do not announce changes of a timer. */
function RetryCountdown({ seconds }: { seconds: number }) {
  const t = useTranslations('errors');
  const { wait } = useFormats();
  const [endMs] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((endMs - Date.now()) / 1000))), 1000);
    return () => clearInterval(timer);
  }, [endMs]);
  return <span role="timer"> {left > 0 ? t('retryIn', { wait: wait(left) }) : t('retryNow')}</span>;
}
