import { ActionButton } from './action-button.tsx';
import { describeFailure } from './failure.ts';
import classes from './inline-failure.module.css';
import { RequestId } from './request-id.tsx';

/** Shown in place of a part of a page that could not be loaded. */
export function InlineFailure({ what, error, onRetry, busy }: { what: string; error: unknown; onRetry: () => void; busy: boolean }) {
  const { message, requestId } = describeFailure(error);
  return (
    <div role="alert" className={classes.failure}>
      <p>
        <strong>{what} could not be loaded.</strong> {message}
      </p>
      <RequestId id={requestId} />
      <ActionButton variant="default" size="xs" onClick={onRetry} busy={busy}>
        Try again
      </ActionButton>
    </div>
  );
}
