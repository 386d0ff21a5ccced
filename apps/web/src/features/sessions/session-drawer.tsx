import { useTRPC } from '@gatehouse/client/tanstack';
import { sessionDetailsSchema, type SessionRow } from '@gatehouse/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { SessionDrawer } from '../../shared/session-drawer/session-drawer.tsx';
import { StoredValues } from '../../shared/session-drawer/stored-values.tsx';
import classes from './own-sessions.module.css';
import { SessionActions } from './session-actions.tsx';
import type { EndSession } from './use-end-session.ts';

const decode = (wire: unknown) => sessionDetailsSchema.parse(wire);

interface OwnSessionDrawerProps {
  readonly session: SessionRow;
  readonly name: string;
  readonly ownIp: string | null;
  readonly ending: EndSession;
  readonly onClose: () => void;
}

/** All that is known about one of the user's own sessions. */
export function OwnSessionDrawer({ session, name, ownIp, ending, onClose }: OwnSessionDrawerProps) {
  const t = useTranslations('sessions');
  const query = useQuery(useTRPC().sessions.get.queryOptions({ handle: session.handle }, { select: decode }));
  const { current, ip } = session;
  return (
    <SessionDrawer
      title={name}
      query={query}
      isCurrent={current}
      actions={(isGone) => !isGone && <SessionActions session={session} name={name} ending={ending} size="sm" onEnd={onClose} />}
      addressNote={!current && ip !== null && ip === ownIp && t('sameAddress')}
      storedData={({ data }) => (
        <>
          <StoredValues values={data} />
          <p className={classes.note}>{t('details.dataNote')}</p>
        </>
      )}
      onClose={onClose}
    />
  );
}
