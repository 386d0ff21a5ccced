import { errorReason } from '@gatehouse/client';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { Badge } from '../badge.tsx';
import { Drawer } from '../dialog.tsx';
import { Loaded, type LoadedQuery } from '../loaded.tsx';
import { SessionFacts, type ShownSession } from './session-facts.tsx';
import classes from './session-drawer.module.css';

interface SessionDrawerProps<Details extends ShownSession> {
  readonly title: string;
  readonly query: LoadedQuery<Details>;
  /** It is the session of this page. */
  readonly isCurrent: boolean;
  /** Buttons. `isGone`: the session has ended. */
  readonly actions: (isGone: boolean) => ReactNode;
  /** About the address: "same as here". */
  readonly addressNote?: ReactNode;
  /** What the session stores, if it stores anything. */
  readonly storedData: (details: Details) => ReactNode;
  readonly onClose: () => void;
}

/** Details of a session beside the table of sessions, for its owner and for administrators. */
export function SessionDrawer<Details extends ShownSession>({
  title,
  query,
  isCurrent,
  actions,
  addressNote,
  storedData,
  onClose,
}: SessionDrawerProps<Details>) {
  const t = useTranslations('sessions');
  const isGone = errorReason(query.error) === 'NOT_FOUND';
  return (
    <Drawer title={title} onCancel={onClose}>
      <div className={classes.top}>
        {isCurrent && !isGone && <Badge tone="notice">{t('current')}</Badge>}
        {actions(isGone)}
      </div>
      {isGone ? (
        <output>{t('details.gone')}</output>
      ) : (
        <Loaded query={query} failed={t('details.failed')} label={t('details.loading')} lines={8}>
          {(details) => <SessionFacts session={details} addressNote={addressNote} storedData={storedData(details)} />}
        </Loaded>
      )}
    </Drawer>
  );
}
