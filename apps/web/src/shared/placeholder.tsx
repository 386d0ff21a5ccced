import classes from './placeholder.module.css';

/** Skeleton lines for text that is loading. They appear after a short delay, so that fast responses do not flicker. */
export function Placeholder({ lines, label }: { lines: number; label: string }) {
  return (
    <output className={classes.placeholder} aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={classes.line} />
      ))}
    </output>
  );
}
