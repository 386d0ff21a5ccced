import type { ReactNode } from 'react';
import classes from './columns.module.css';

/** Cards in a wide and a narrow column; one below the other where there is no room. */
export function Columns({ wide, narrow }: { wide: ReactNode; narrow: ReactNode }) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>{wide}</div>
      <div className={classes.column}>{narrow}</div>
    </div>
  );
}
