import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import classes from './session-drawer.module.css';

interface StoredValue {
  readonly key: string;
  /** The length of the value as JSON. */
  readonly bytes: number;
  /** The value itself, for those who may see it. */
  readonly content?: ReactNode;
}

/** The names and sizes of what a session stores. */
export function StoredValues({ values }: { values: readonly StoredValue[] }) {
  const t = useTranslations('sessions.details');
  return (
    <ul className={classes.values}>
      {values.map(({ key, bytes, content }) => (
        <li key={key}>
          <div className={classes.key}>
            <code className={classes.code}>{key}</code>
            <span className={classes.note}>{t('bytes', { bytes })}</span>
          </div>
          {content}
        </li>
      ))}
    </ul>
  );
}
