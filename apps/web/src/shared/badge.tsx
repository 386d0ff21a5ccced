import type { ReactNode } from 'react';
import classes from './badge.module.css';

/** A word that marks a row or an entry, such as "This session" or "Suspended". */
export const Badge = ({ tone, children }: { tone: 'notice' | 'danger'; children: ReactNode }) => (
  <span className={classes.badge} data-tone={tone}>
    {children}
  </span>
);
