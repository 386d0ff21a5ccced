import { useServerNow } from '@gatehouse/client/tanstack';
import type { UserRow } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import { Badge } from '../../shared/badge.tsx';
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
      wrap: 'anywhere',
      cell: ({ id, name }) => (
        <span className={classes.badges}>
          <Link to="/accounts/$userId" params={{ userId: id }}>
            <bdi>{name}</bdi>
          </Link>
          {id === ownId && <Badge tone="notice">{t('you')}</Badge>}
        </span>
      ),
    },
    { id: 'username', header: t('columns.username'), wrap: 'anywhere', cell: ({ username }) => <bdi>{username}</bdi> },
    {
      id: 'email',
      header: t('columns.email'),
      tablet: 'hidden',
      wrap: 'anywhere',
      skeleton: 90,
      cell: ({ email }) => <EmailAddress email={email} />,
    },
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

/** Breaks before the "@" if it has no place in one line. */
function EmailAddress({ email }: { email: string }) {
  const at = email.lastIndexOf('@');
  return (
    <bdi>
      {email.slice(0, Math.max(0, at))}
      <wbr />
      {email.slice(Math.max(0, at))}
    </bdi>
  );
}
