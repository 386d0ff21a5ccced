import { useMe, useServerNow } from '@gatehouse/client/react';
import { Card } from '../../shared/card.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
import { SessionClocks } from './session-clocks.tsx';
import { SessionSpan } from './session-span.tsx';

/** Words change by the minute; a sixth of that is never noticeably late. */
const TICK_MS = 10_000;

export function SessionCard() {
  const { data: me } = useMe();
  const now = useServerNow({ everyMs: TICK_MS });
  return (
    <Card title="This session">
      {me && now ? (
        <>
          <SessionSpan session={me.session} now={now} />
          <SessionClocks session={me.session} now={now} />
        </>
      ) : (
        <Placeholder lines={5} label="Loading your session" />
      )}
    </Card>
  );
}
