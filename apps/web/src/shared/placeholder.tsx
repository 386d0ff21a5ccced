import classes from './placeholder.module.css';

/** Lines where text will be. Seen only if the text takes a perceptible time, so that quick answers do not flicker. */
export function Placeholder({ lines, label }: { lines: number; label: string }) {
  return (
    <output className={classes.placeholder} aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={classes.line} />
      ))}
    </output>
  );
}
