import classes from './brand-mark.module.css';

/** The logo. */
export function BrandMark({ size }: { size: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className={classes.mark}>
      <rect width="32" height="32" rx="8" className={classes.ground} />
      <path d="M6 26V11h3.5v3h3v-3h7v3h3v-3H26v15h-6v-5a4 4 0 0 0-8 0v5z" className={classes.walls} />
      <circle cx="16" cy="7" r="2" className={classes.lantern} />
    </svg>
  );
}
