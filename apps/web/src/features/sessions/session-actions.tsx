import { useLogout } from '@gatehouse/client/tanstack';
import type { SessionRow } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { notifyFailure } from '../../shared/notify.ts';
import { UndoButton } from '../../shared/undo-button.tsx';
import type { EndSession } from './use-end-session.ts';

interface SessionActionsProps {
  readonly session: SessionRow;
  /** Names the session for screen readers. */
  readonly name: string;
  readonly ending: EndSession;
  /** `sm` beside the details of the session. @default 'xs' */
  readonly size?: 'xs' | 'sm';
  /** The session waits for its end now. */
  readonly onEnd?: () => void;
}

/** Ends the session; while it waits, undoes that. The current session signs out instead. */
export function SessionActions({ session: { handle, current }, name, ending, size = 'xs', onEnd }: SessionActionsProps) {
  const t = useTranslations('sessions');
  if (current) return <SignOut size={size} />;
  const endsAtMs = ending.endsAtMs(handle);
  if (endsAtMs === undefined)
    return (
      <ActionButton
        variant="default"
        size={size}
        busy={ending.isBusy(handle)}
        aria-label={t('endLabel', { row: name })}
        onClick={() => {
          ending.end(handle);
          onEnd?.();
        }}
      >
        {t(size === 'sm' ? 'endOne' : 'end')}
      </ActionButton>
    );
  return <UndoButton sendAtMs={endsAtMs} onUndo={() => ending.undo(handle)} of={name} />;
}

function SignOut({ size }: { size: 'xs' | 'sm' }) {
  const t = useTranslations('sessions');
  const shell = useTranslations('shell');
  const logout = useLogout();
  return (
    <ActionButton
      variant="default"
      size={size}
      busy={logout.isPending}
      aria-label={t('signOutLabel')}
      onClick={() => logout.mutate(undefined, { onError: (error) => notifyFailure(shell('signOutFailed'), error) })}
    >
      {t('signOut')}
    </ActionButton>
  );
}
