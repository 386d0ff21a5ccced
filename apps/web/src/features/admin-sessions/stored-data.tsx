import type { OwnedSessionDetails } from '@gatehouse/contract';
import { useTranslations } from 'use-intl/react';
import classes from './admin-sessions.module.css';

/** The decoded values of a session. The server hides secrets. */
export function StoredData({ data }: { data: OwnedSessionDetails['data'] }) {
  const t = useTranslations('adminSessions.details');
  return (
    <ul className={classes.data}>
      {data.map(({ key, bytes, value, isHidden }) => (
        <li key={key}>
          <div className={classes.key}>
            <code className={classes.code}>{key}</code>
            <span className={classes.note}>{t('bytes', { bytes })}</span>
          </div>
          {isHidden ? <p className={classes.note}>{t('hidden')}</p> : <pre className={classes.value}>{JSON.stringify(value, null, 2)}</pre>}
        </li>
      ))}
    </ul>
  );
}
