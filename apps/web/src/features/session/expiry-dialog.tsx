import { useGatehouse, useLogout, useTRPC } from '@gatehouse/client/tanstack';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Dialog, DialogActions } from '../../shared/dialog.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { Countdown } from './countdown.tsx';
import classes from './expiry-notice.module.css';
import { secondsLeft, spokenStep } from './time-left.ts';

interface ExpiryDialogProps {
  readonly until: Date;
  readonly now: Date;
  readonly canExtend: boolean;
  /** The server was asked to extend the session, and did not. */
  readonly onNotExtended: () => void;
  /** The user wants to go on in the page until the end. */
  readonly onDismiss: () => void;
}

/** Counts down to the end of the session. Closes in every tab as soon as one has extended it. */
export function ExpiryDialog({ until, now, canExtend, onNotExtended, onDismiss }: ExpiryDialogProps) {
  const t = useTranslations('session.expiry');
  const shell = useTranslations('shell');
  const { refreshSession, queryClient } = useGatehouse();
  const trpc = useTRPC();
  const logout = useLogout();
  const [extending, setExtending] = useState(false);
  const seconds = secondsLeft(until, now);
  const harmless = useRef<HTMLButtonElement>(null);
  // After the dialog has opened, which moves the focus to its first button: Enter must not sign out someone who is typing.
  useEffect(() => harmless.current?.focus(), []);

  const stay = async (): Promise<void> => {
    if (extending) return;
    setExtending(true);
    try {
      await refreshSession({ background: false });
      const me = queryClient.getQueryData(trpc.auth.me.queryKey());
      if (me && Date.parse(me.session.expires) <= until.getTime()) onNotExtended();
      else notifyDone(t('extended'));
    } catch (error) {
      notifyFailure(t('notExtended'), error);
    } finally {
      setExtending(false);
    }
  };
  const signOut = () => logout.mutate(undefined, { onError: (error) => notifyFailure(shell('signOutFailed'), error) });

  return (
    <Dialog title={t(canExtend ? 'title' : 'finalTitle')} onCancel={canExtend ? () => void stay() : onDismiss}>
      <p className={classes.left}>
        <Countdown until={until} now={now} />
      </p>
      <p>{t(canExtend ? 'text' : 'finalText')}</p>
      <SpokenTime seconds={seconds} />
      <DialogActions onCancel={signOut} cancelLabel={shell('signOut')}>
        <ActionButton ref={harmless} busy={extending} onClick={() => (canExtend ? void stay() : onDismiss())}>
          {t(canExtend ? 'stay' : 'continue')}
        </ActionButton>
      </DialogActions>
    </Dialog>
  );
}

/** The time for screen readers, in whole sentences and rarely. */
function SpokenTime({ seconds }: { seconds: number }) {
  const t = useTranslations('session.expiry');
  const step = spokenStep(seconds);
  const [spoken, setSpoken] = useState<number>();
  // After mounting, because screen readers announce what changes in a live region, not what it begins with.
  useEffect(() => {
    setSpoken((before) => (step === undefined ? (before ?? seconds) : step === before ? before : Math.min(step, seconds)));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when a step is reached
  }, [step]);
  const minutes = spoken === undefined ? 0 : Math.floor(spoken / 60);
  return (
    <output className={classes.spoken}>
      {spoken !== undefined && (minutes > 0 ? t('spokenMinutes', { minutes }) : t('spokenSeconds', { seconds: spoken }))}
    </output>
  );
}
