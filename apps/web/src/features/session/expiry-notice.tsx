import { useGatehouse, useMe, useServerNow } from '@gatehouse/client/react';
import { useEffect, useState } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { relativeTime } from '../../shared/relative-time.ts';
import classes from './expiry-notice.module.css';
import { expiryWarning } from './expiry-warning.ts';

const TICK_MS = 5_000;

/** A server that does not answer is asked again; meanwhile nobody knows whether the session is over. */
const ASK_AGAIN_MS = 30_000;

/** Before a session ends nobody is surprised, and once it has ended nothing of it stays on the screen. */
export function ExpiryNotice() {
  const { refreshSession } = useGatehouse();
  const { data: me } = useMe();
  const now = useServerNow({ everyMs: TICK_MS });
  const [staying, setStaying] = useState(false);
  const warning = me && now ? expiryWarning(me.session, now) : 'none';

  // The server is asked once more: another browser window may have kept the session. If not, its answer leads to the login page. The
  // question is nobody's activity: idle tabs would keep each other signed in.
  useEffect(() => {
    if (warning !== 'over') return;
    const ask = () => void refreshSession({ background: true }).catch(() => undefined);
    ask();
    const timer = setInterval(ask, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [warning, refreshSession]);

  const stay = async (): Promise<void> => {
    setStaying(true);
    try {
      await refreshSession({ background: false });
      notifyDone('You stay signed in.');
    } catch (error) {
      notifyFailure('Your session was not extended', error);
    } finally {
      setStaying(false);
    }
  };

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
        <ActionButton size="xs" variant="default" busy={staying} onClick={() => void stay()}>
          Stay signed in
        </ActionButton>
      )}
    </div>
  );
}
