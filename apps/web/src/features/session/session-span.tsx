import type { Me } from '@gatehouse/contract';
import { exactTime } from '../../shared/exact-time.ts';
import { Until } from '../../shared/moment.tsx';
import classes from './session-span.module.css';
import { spanPositions } from './span-positions.ts';

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

/** When the session ends, and its life as a line: behind us, left without activity, and the rest to its last end. */
export function SessionSpan({ session, now }: { session: Me['session']; now: Date }) {
  const at = spanPositions(session, now);
  return (
    <div className={classes.span}>
      <p className={classes.headline}>
        {now < session.expires ? 'Expires' : 'Expired'}{' '}
        <strong>
          <Until at={session.expires} now={now} />
        </strong>
      </p>
      <p className={classes.exact}>
        {exactTime(session.expires)}
        {now < session.expires && session.expires < session.absoluteExpires && '; later if you stay active'}
        {now < session.expires && session.untilBrowserCloses && '; sooner if you close the browser'}.
      </p>
      <div className={classes.line} aria-hidden="true">
        <span className={classes.left} style={{ width: percent(at.expires) }} />
        <span className={classes.passed} style={{ width: percent(at.now) }} />
        <span className={classes.now} style={{ insetInlineStart: percent(at.now) }} />
      </div>
    </div>
  );
}
