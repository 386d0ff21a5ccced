import type { OwnedSession } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import type { EndSessions } from './use-end-sessions.tsx';

interface EndButtonProps {
  readonly session: OwnedSession;
  /** Names the session for screen readers. */
  readonly name: string;
  readonly ending: EndSessions;
}

/** Ends the session of a row. */
export function EndButton({ session, name, ending }: EndButtonProps) {
  const t = useTranslations('adminSessions');
  return (
    <ActionButton
      variant="default"
      size="xs"
      busy={ending.isBusy(session.handle)}
      aria-label={t('endLabel', { row: name })}
      onClick={() => ending.ask([session])}
    >
      {t('end')}
    </ActionButton>
  );
}
