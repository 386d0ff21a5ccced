import type { ReactNode } from 'react';
import classes from './columns.module.css';

/** A wide and a narrow column of cards; a single column on narrow screens. */
export function Columns({ wide, narrow }: { wide: ReactNode; narrow: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>{wide}</div>
      <div className={classes.column}>{narrow}</div>
    </div>
  );
}
