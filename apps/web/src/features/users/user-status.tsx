import type { UserRow } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import { Badge } from '../../shared/badge.tsx';
import classes from './users.module.css';

/** Active or suspended, and whether sign-in is delayed. */
export function UserStatus({ user: { status, isLocked } }: { user: Pick<UserRow, 'status' | 'isLocked'> }) {
  const t = useTranslations('users');
  const accounts = useTranslations('accounts');
  return (
    <span className={classes.badges}>
      {status === 'active' ? !isLocked && accounts('statuses.active') : <Badge tone="danger">{accounts(`statuses.${status}`)}</Badge>}
      {isLocked && <Badge tone="notice">{t('locked')}</Badge>}
    </span>
  );
}
