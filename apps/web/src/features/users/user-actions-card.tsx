import { useMe } from '@gatehouse/client/tanstack';
import type { UserRow } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { EditUserDialog } from './edit-user-dialog.tsx';
import { useUserActions, type UserAction } from './use-user-actions.tsx';
import classes from './users.module.css';

/** Actions of an administrator for an account. */
export function UserActionsCard({ user }: { user: UserRow }) {
  const t = useTranslations('users');
  const isOwn = useMe().data?.user.id === user.id;
  const [isEditing, setIsEditing] = useState(false);
  return (
    <Card title={t('account.actions')}>
      <div className={classes.actions}>
        {isOwn && <p className={classes.note}>{t('account.own')}</p>}
        <Button variant="default" onClick={() => setIsEditing(true)}>
          {t('edit.button')}
        </Button>
        {!isOwn && <OtherUserActions user={user} />}
      </div>
      {isEditing && <EditUserDialog user={user} isOwn={isOwn} onClose={() => setIsEditing(false)} />}
    </Card>
  );
}

function OtherUserActions({ user: { status, isLocked, sessions, ...user } }: { user: UserRow }) {
  const t = useTranslations('users');
  const actions = useUserActions({ ...user, status, isLocked, sessions });
  return (
    <>
      {isLocked && (
        <>
          <p>{t('account.lockedNote')}</p>
          <Act action={actions.unlock} label={t('unlock.button')} />
        </>
      )}
      <Act action={actions.setPassword} label={t('password.button')} />
      {sessions > 0 && <Act action={actions.endSessions} label={t('endSessions.button')} />}
      {status === 'active' ? (
        <Act action={actions.suspend} label={t('suspend.button')} />
      ) : (
        <Act action={actions.reactivate} label={t('reactivate.button')} />
      )}
      <Act action={actions.remove} label={t('delete.button')} />
      {actions.dialog}
    </>
  );
}

const Act = ({ action, label }: { action: UserAction; label: string }) => (
  <ActionButton variant="default" onClick={action.ask} busy={action.busy}>
    {label}
  </ActionButton>
);
