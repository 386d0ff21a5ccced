import { useTRPC } from '@gatehouse/client/tanstack';
import { ownedSessionDetailsSchema, type OwnedSession } from '@gatehouse/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { SessionDrawer } from '../../shared/session-drawer/session-drawer.tsx';
import { StoredValues } from '../../shared/session-drawer/stored-values.tsx';
import classes from './admin-sessions.module.css';
import type { EndSessions } from './use-end-sessions.tsx';

const decode = (wire: unknown) => ownedSessionDetailsSchema.parse(wire);

interface OwnedSessionDrawerProps {
  readonly session: OwnedSession;
  readonly ending: EndSessions;
  /** The page shows the account already. @default false */
  readonly isOnAccountPage?: boolean;
  readonly onClose: () => void;
}

/** All that an administrator may know about a session. */
export function OwnedSessionDrawer({ session, ending, isOnAccountPage = false, onClose }: OwnedSessionDrawerProps) {
  const t = useTranslations('adminSessions');
  const shared = useTranslations('sessions');
  const query = useQuery(useTRPC().admin.sessions.get.queryOptions({ handle: session.handle }, { select: decode }));
  const { user, current } = session;
  const end = () => {
    // One dialog at a time.
    onClose();
    ending.ask([session]);
  };
  return (
    <SessionDrawer
      title={t('details.title', { user: user?.name ?? t('anonymous') })}
      query={query}
      isCurrent={current}
      actions={(isGone) => (
        <>
          {!current && !isGone && (
            <ActionButton variant="default" size="sm" busy={ending.isBusy(session.handle)} onClick={end}>
              {shared('endOne')}
            </ActionButton>
          )}
          {user && !isOnAccountPage && (
            <Button
              variant="default"
              size="sm"
              renderRoot={(props) => <Link to="/accounts/$userId" params={{ userId: user.id }} {...props} />}
            >
              {t('details.openUser')}
            </Button>
          )}
        </>
      )}
      // The decoded values. The server hides secrets.
      storedData={({ data }) => (
        <StoredValues
          values={data.map(({ key, bytes, value, isHidden }) => ({
            key,
            bytes,
            content: isHidden ? (
              <p className={classes.note}>{t('details.hidden')}</p>
            ) : (
              <pre className={classes.value}>{JSON.stringify(value, null, 2)}</pre>
            ),
          }))}
        />
      )}
      onClose={onClose}
    />
  );
}
