import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import classes from './count-table.module.css';

export interface SignInRow {
  readonly id: number;
  /** The hour or day. */
  readonly label: string;
  readonly signedIn: number;
  readonly failed: number;
  readonly blocked: number;
  readonly locked: number;
}

export interface SignInRows {
  /** Oldest first. */
  readonly rows: readonly SignInRow[];
  readonly caption: string;
  /** Of the first column. */
  readonly head: string;
}

const COUNTS = ['signedIn', 'failed', 'blocked', 'locked'] as const;

/** The figures of the chart, newest first. */
export function SignInTable({ rows, caption, head }: SignInRows) {
  const t = useTranslations('overview.signIns');
  const { number } = useFormats();
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          {COUNTS.map((key) => (
            <th key={key} scope="col" className={classes.number}>
              {t(key)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.toReversed().map((row) => (
          <tr key={row.id}>
            <th scope="row">{row.label}</th>
            {COUNTS.map((key) => (
              <td key={key} className={classes.number} data-zero={row[key] === 0 || undefined}>
                {number(row[key])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
