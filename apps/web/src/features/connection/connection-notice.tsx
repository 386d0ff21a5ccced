import classes from './connection-notice.module.css';
import { useOnline } from './use-online.ts';
import { useUnanswered } from './use-unanswered.ts';

/** The network or the server is away. Nobody is signed out by that, and this says so. */
export function ConnectionNotice() {
  const online = useOnline();
  const unanswered = useUnanswered();
  // The live region is always there: one that arrives together with its text is not read out.
  return (
    <output className={classes.region}>
      {!online && (
        <span className={classes.notice}>You are offline. What you see may be out of date; it is updated once you are back.</span>
      )}
      {online && unanswered && (
        <span className={classes.notice}>Gatehouse does not answer at the moment. Nobody is signed out by that.</span>
      )}
    </output>
  );
}
