import { useTranslations } from 'use-intl/react';
import { ActionButton } from './action-button.tsx';
import { describeFailure } from './failure.ts';
import classes from './inline-failure.module.css';
import { RequestId } from './request-id.tsx';

/** Shown in place of a part of a page that could not be loaded. `failed`: a sentence, "Your sessions could not be loaded." */
export function InlineFailure({ failed, error, onRetry, busy }: { failed: string; error: unknown; onRetry: () => void; busy: boolean }) {
  const t = useTranslations('controls');
  const { message, requestId } = describeFailure(error);
  return (
    <div role="alert" className={classes.failure}>
      <p>
        <strong>{failed}</strong> {message}
      </p>
      <RequestId id={requestId} />
      <ActionButton variant="default" size="xs" onClick={onRetry} busy={busy}>
        {t('retry')}
      </ActionButton>
    </div>
  );
}
