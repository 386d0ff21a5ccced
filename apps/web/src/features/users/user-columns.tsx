import { useServerNow } from '@gatehouse/client/tanstack';
import type { UserRow } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import type { DataColumn } from '../../shared/table/data-column.ts';
import { TimeAgo } from '../../shared/time-display.tsx';
import { UserStatus } from './user-status.tsx';
import classes from './users.module.css';

const TICK_MS = 10_000;

export function useUserColumns(ownId: string | undefined): ReadonlyArray<DataColumn<UserRow>> {
  const t = useTranslations('users');
  const accounts = useTranslations('accounts');
  const { number } = useFormats();
  const now = useServerNow({ everyMs: TICK_MS });
  return [
    {
      id: 'name',
      header: t('columns.name'),
      sort: 'name',
      phone: 'title',
      cell: ({ id, name }) => (
        <span className={classes.badges}>
          <Link to="/accounts/$userId" params={{ userId: id }}>
            <bdi>{name}</bdi>
          </Link>
          {id === ownId && (
            <span className={classes.badge} data-tone="notice">
              {t('you')}
            </span>
          )}
        </span>
      ),
    },
    { id: 'username', header: t('columns.username'), cell: ({ username }) => <bdi>{username}</bdi> },
    { id: 'email', header: t('columns.email'), skeleton: 90, cell: ({ email }) => <bdi>{email}</bdi> },
    { id: 'role', header: t('columns.role'), cell: ({ role }) => <span className={classes.word}>{accounts(`roles.${role}`)}</span> },
    { id: 'status', header: t('columns.status'), cell: (user) => <UserStatus user={user} /> },
    {
      id: 'lastSignIn',
      header: t('columns.lastSignIn'),
      sort: 'lastSignIn',
      firstSort: 'descending',
      cell: ({ lastSignIn }) =>
        lastSignIn === null ? <span className={classes.note}>{t('neverSignedIn')}</span> : now && <TimeAgo at={lastSignIn} now={now} />,
    },
    {
      id: 'sessions',
      header: t('columns.sessions'),
      align: 'end',
      cell: ({ sessions }) => (sessions === 0 ? <span className={classes.note}>0</span> : number(sessions)),
    },
  ];
}
