import type { Me } from '@gatehouse/contract';
import { exactTime } from '../../shared/exact-time.ts';
import { RelativeTime } from '../../shared/time-display.tsx';
import classes from './session-span.module.css';
import { spanPositions } from './span-positions.ts';

const percent = (fraction: number) => `${(fraction * 100).toFixed(2)}%`;

/** When the session expires, and a bar: time passed, time until expiry, and the rest until the absolute expiry. */
export function SessionSpan({ session, now }: { session: Me['session']; now: Date }) {
  const positions = spanPositions(session, now);
  return (
    <div className={classes.span}>
      <p className={classes.headline}>
        {now < session.expires ? 'Expires' : 'Expired'}{' '}
        <strong>
          <RelativeTime at={session.expires} now={now} />
        </strong>
      </p>
      <p className={classes.exact}>
        {exactTime(session.expires)}
        {now < session.expires && session.expires < session.absoluteExpires && '; later if you stay active'}
        {now < session.expires && session.untilBrowserCloses && '; sooner if you close the browser'}.
      </p>
      <div className={classes.line} aria-hidden="true">
        <span className={classes.left} style={{ width: percent(positions.expires) }} />
        <span className={classes.passed} style={{ width: percent(positions.now) }} />
        <span className={classes.now} style={{ insetInlineStart: percent(positions.now) }} />
      </div>
    </div>
  );
}
