import { BrandMark } from '../shared/brand-mark.tsx';
import classes from './pending-page.module.css';

/** While a guard asks the server who is there. */
export function PendingPage() {
  return (
    <main id="main" tabIndex={-1} className={classes.pending}>
      <output aria-label="Loading">
        <BrandMark size={44} />
      </output>
    </main>
  );
}
