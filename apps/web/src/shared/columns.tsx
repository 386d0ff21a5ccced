import type { ReactNode } from 'react';
import classes from './columns.module.css';

interface ColumnsProps {
  readonly wide: ReactNode;
  readonly narrow: ReactNode;
  /** For columns of about the same height: both end together. */
  readonly isLevel?: boolean;
}

/** A wide and a narrow column of cards; a single column on narrow screens. */
export function Columns({ wide, narrow, isLevel = false }: ColumnsProps) {
  return (
    <div className={classes.columns} data-level={isLevel || undefined}>
      <div className={classes.column}>{wide}</div>
      <div className={classes.column}>{narrow}</div>
    </div>
  );
}
