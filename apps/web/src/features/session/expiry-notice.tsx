import { useMe, useServerNow } from '@gatehouse/client/react';
import { useEffect } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { relativeTime } from '../../shared/relative-time.ts';
import classes from './expiry-notice.module.css';
import { expiryWarning } from './expiry-warning.ts';

const TICK_MS = 5_000;

/** Before a session ends nobody is surprised, and once it has ended nothing of it stays on the screen. */
export function ExpiryNotice() {
  const { data: me, refetch, isFetching } = useMe();
  const now = useServerNow({ everyMs: TICK_MS });
  const warning = me && now ? expiryWarning(me.session, now) : 'none';

  // The server is asked once more: another tab may have kept the session. If not, its answer leads to the door.
  useEffect(() => {
    if (warning === 'over') void refetch();
  }, [warning, refetch]);

  const warns = warning === 'can stay' || warning === 'must end';
  return (
    <div className={classes.region}>
      <output>
        {warns && me && now && (
          <span className={classes.text}>
            {warning === 'can stay'
              ? `Your session ends ${relativeTime(me.session.expires, now)}.`
              : `Your session ends ${relativeTime(me.session.expires, now)}. Save your work, then sign in again.`}
          </span>
        )}
      </output>
      {warning === 'can stay' && (
        <ActionButton size="xs" variant="default" busy={isFetching} onClick={() => void refetch()}>
          Stay signed in
        </ActionButton>
      )}
    </div>
  );
}
