import { useGatehouse, useMe, useServerNow } from '@gatehouse/client/tanstack';
import { useEffect, useState } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { useFormats } from '../../i18n/use-formats.ts';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import classes from './expiry-notice.module.css';
import { expiryWarning } from './expiry-warning.ts';

const TICK_MS = 5_000;

/** How often to check again whether the session has expired if the server does not respond. */
const CHECK_INTERVAL_MS = 30_000;

/** Warns before the session expires, and removes the page's data afterwards. */
export function ExpiryNotice() {
  const { refreshSession } = useGatehouse();
  const { relativeTime } = useFormats();
  const { data: me } = useMe();
  const now = useServerNow({ everyMs: TICK_MS });
  const [extending, setExtending] = useState(false);
  const warning = me && now ? expiryWarning(me.session, now) : 'none';

  // Check with the server, because another browser window may have extended the session. If not, the refusal redirects to the login page.
  // A background request, because otherwise idle tabs would keep each other signed in.
  useEffect(() => {
    if (warning !== 'expired') return;
    const check = () => void refreshSession({ background: true }).catch(() => undefined);
    check();
    const timer = setInterval(check, CHECK_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [warning, refreshSession]);

  const stay = async (): Promise<void> => {
    setExtending(true);
    try {
      await refreshSession({ background: false });
      notifyDone('You’re still signed in.');
    } catch (error) {
      notifyFailure('Your session could not be extended', error);
    } finally {
      setExtending(false);
    }
  };

  const isExpiring = warning === 'extendable' || warning === 'final';
  return (
    <div className={classes.region}>
      <output>
        {isExpiring && me && now && (
          <span className={classes.text}>
            Your session ends {relativeTime(me.session.expires, now)}.{warning === 'final' && ' Save your work, then sign in again.'}
          </span>
        )}
      </output>
      {warning === 'extendable' && (
        <ActionButton size="xs" variant="default" busy={extending} onClick={() => void stay()}>
          Stay signed in
        </ActionButton>
      )}
    </div>
  );
}
