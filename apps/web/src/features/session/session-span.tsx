import type { Me } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { ExactTime, RelativeTime } from '../../shared/time-display.tsx';
import classes from './session-span.module.css';
import { spanPositions } from './span-positions.ts';

const strong = (chunks: ReactNode) => <strong>{chunks}</strong>;
const percent = (fraction: number) => `${(fraction * 100).toFixed(2)}%`;

/** When the session expires, and a bar: time passed, time until expiry, and the rest until the absolute expiry. */
export function SessionSpan({ session, now }: { session: Me['session']; now: Date }) {
  const t = useTranslations('session.card');
  const { expires, absoluteExpires, untilBrowserCloses } = session;
  const positions = spanPositions(session, now);
  const isLive = now < expires;
  const isLater = isLive && expires < absoluteExpires;
  const isSooner = isLive && untilBrowserCloses;
  const when = <RelativeTime at={expires} now={now} />;
  const at = <ExactTime at={expires} />;
  return (
    <div className={classes.span}>
      <p className={classes.headline}>
        {t.rich(isLive ? 'expires' : 'expired', {
          b: strong,
          when: () => when,
        })}
      </p>
      <p className={classes.exact}>
        {t.rich(isLater && isSooner ? 'exactBoth' : isLater ? 'exactLater' : isSooner ? 'exactSooner' : 'exact', {
          at: () => at,
        })}
      </p>
      <div className={classes.line} aria-hidden="true">
        <span className={classes.left} style={{ width: percent(positions.expires) }} />
        <span className={classes.passed} style={{ width: percent(positions.now) }} />
        <span className={classes.now} style={{ insetInlineStart: percent(positions.now) }} />
      </div>
      {/* As the content of CSS: the facts below say the same. */}
      <div className={classes.ends} aria-hidden="true">
        <span data-label={t('signedIn')} />
        <span data-label={t(now < absoluteExpires ? 'endsAtLatest' : 'ended')} />
      </div>
    </div>
  );
}
