import { useMe } from '@gatehouse/client/tanstack';
import type { UserRow } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { EditUserDialog } from './edit-user-dialog.tsx';
import { useUserActions, type UserAction } from './use-user-actions.tsx';
import classes from './users.module.css';

/** Actions of an administrator for an account. */
export function UserActions({ user }: { user: UserRow }) {
  const t = useTranslations('users');
  const isOwn = useMe().data?.user.id === user.id;
  const [isEditing, setIsEditing] = useState(false);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <fieldset> has its own layout
    <div role="group" aria-label={t('account.actions')} className={classes.actions}>
      <Button variant="default" onClick={() => setIsEditing(true)}>
        {t('edit.button')}
      </Button>
      {!isOwn && <OtherUserActions user={user} />}
      {isEditing && <EditUserDialog user={user} isOwn={isOwn} onClose={() => setIsEditing(false)} />}
    </div>
  );
}

/** What an administrator should know before an action. */
export function UserNotes({ user: { id, isLocked } }: { user: UserRow }) {
  const t = useTranslations('users.account');
  const isOwn = useMe().data?.user.id === id;
  if (!isOwn && !isLocked) return null;
  return <p className={classes.note}>{t(isOwn ? 'own' : 'lockedNote')}</p>;
}

function OtherUserActions({ user: { status, isLocked, sessions, ...user } }: { user: UserRow }) {
  const t = useTranslations('users');
  const actions = useUserActions({ ...user, status, isLocked, sessions });
  return (
    <>
      {isLocked && <Act action={actions.unlock} label={t('unlock.button')} />}
      <Act action={actions.setPassword} label={t('password.button')} />
      {sessions > 0 && <Act action={actions.endSessions} label={t('endSessions.button')} />}
      {status === 'active' ? (
        <Act action={actions.suspend} label={t('suspend.button')} />
      ) : (
        <Act action={actions.reactivate} label={t('reactivate.button')} />
      )}
      <Act action={actions.remove} label={t('delete.button')} isDestructive />
      {actions.dialog}
    </>
  );
}

const Act = ({ action, label, isDestructive = false }: { action: UserAction; label: string; isDestructive?: boolean }) => (
  <ActionButton variant="default" {...(isDestructive && { c: 'var(--mantine-color-error)' })} onClick={action.ask} busy={action.busy}>
    {label}
  </ActionButton>
);
