import type { MouseEvent } from 'react';
import classes from './skip-link.module.css';

/** First stop of the Tab key: past the navigation. By script, so that the address keeps the hash it had. */
export function SkipLink() {
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById('main')?.focus();
  };
  return (
    <a href="#main" onClick={skip} className={classes.skip}>
      Skip to content
    </a>
  );
}
