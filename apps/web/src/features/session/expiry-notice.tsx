import { useExtendOnInput, useGatehouse, useMe, useServerNow } from '@gatehouse/client/tanstack';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { Countdown } from './countdown.tsx';
import { ExpiryDialog } from './expiry-dialog.tsx';
import classes from './expiry-notice.module.css';
import { expiryWarning } from './expiry-warning.ts';

const TICK_MS = 5_000;
const COUNTDOWN_TICK_MS = 1_000;

/** How often to check again whether the session has expired if the server does not respond. */
const CHECK_INTERVAL_MS = 30_000;

/** Asks before the session expires whether to stay signed in, and removes the page's data afterwards. */
export function ExpiryNotice() {
  const t = useTranslations('session.expiry');
  const { refreshSession } = useGatehouse();
  const { data: me } = useMe();
  const [isWarning, setIsWarning] = useState(false);
  const now = useServerNow({ everyMs: isWarning ? COUNTDOWN_TICK_MS : TICK_MS });
  const expires = me?.session.expires.getTime();
  /** The end that a request of the user did not move, such as where only data writes renew a session. */
  const [immovable, setImmovable] = useState<number>();
  /** The end about which the user was told and wants to read no more. */
  const [dismissed, setDismissed] = useState<number>();

  const found = me && now ? expiryWarning(me.session, now) : 'none';
  const warning = found === 'extendable' && immovable === expires ? 'final' : found;
  const isExpiring = warning === 'extendable' || warning === 'final';
  if (isWarning !== isExpiring) setIsWarning(isExpiring);
  useExtendOnInput({ enabled: !isExpiring });

  // Check with the server, because another tab may have extended the session. After the end, the refusal redirects to the login page.
  // A background request, because otherwise idle tabs would keep each other signed in.
  const check = isExpiring ? 'once' : warning === 'expired' ? 'repeatedly' : 'never';
  useEffect(() => {
    if (check === 'never') return;
    const ask = () => void refreshSession({ background: true }).catch(() => undefined);
    ask();
    if (check === 'once') return;
    const timer = setInterval(ask, CHECK_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [check, refreshSession]);

  if (!isExpiring || !me || !now) return null;
  if (warning === 'final' && dismissed === expires)
    return (
      <div className={classes.region}>
        <span className={classes.text}>
          {t('ends')} <Countdown until={me.session.expires} now={now} />
        </span>
      </div>
    );
  return (
    <ExpiryDialog
      until={me.session.expires}
      now={now}
      canExtend={warning === 'extendable'}
      onNotExtended={() => setImmovable(expires)}
      onDismiss={() => setDismissed(expires)}
    />
  );
}
