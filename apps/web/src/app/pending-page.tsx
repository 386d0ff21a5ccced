import { use } from 'react';
import { BrandMark } from '../shared/brand-mark.tsx';
import { Framed } from './layout/frame.ts';
import classes from './pending-page.module.css';

/** While a guard asks the server who is there, or the code of a page is on its way. */
export function PendingPage() {
  const mark = (
    <output aria-label="Loading">
      <BrandMark size={44} />
    </output>
  );
  return use(Framed) ? (
    <div className={classes.pending}>{mark}</div>
  ) : (
    <main id="main" tabIndex={-1} className={classes.pending}>
      {mark}
    </main>
  );
}
