import { useId, type ReactNode } from 'react';
import classes from './card.module.css';

/** A named part of a page. */
export function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div className={classes.head}>
        {/* The focus comes here when what had it is gone: see app/layout/use-kept-focus.ts. */}
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
