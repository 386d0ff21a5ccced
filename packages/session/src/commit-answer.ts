import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import type { LiveSession } from './live-session.ts';
import { warnOnce } from './warn-once.ts';

/** Stores what was changed before the first byte, and checks after a slow request whether its cookie is still the newest. */
export function commitBefore(session: LiveSession, res: ServerResponse): Promise<void> | undefined {
  // A 5xx stores nothing of what its request changed.
  if (res.statusCode >= 500) session.rollback();
  return session.isModified() ? session.commitOrThrow().then(() => session.confirmCookie()) : session.confirmCookie();
}

/** Stores what was changed after the headers were sent. */
export function commitLate(session: LiveSession, res: ServerResponse): Promise<void> | undefined {
  if (res.statusCode >= 500) session.rollback();
  if (!session.isModified()) return undefined;
  if (session.isStored) return session.commitOrThrow();
  session.rollback();
  warnOnce(
    'GATEHOUSE_LATE_SESSION',
    'Data was set in a new session after the response headers were sent, so it was not stored: the browser could not receive the cookie. Change the session before the first byte is written.',
  );
  return undefined;
}

/** Stores what Socket.IO's middleware changed, without delaying the upgrade. A new session is not stored: its cookie cannot be sent. */
export function commitUpgrade(session: LiveSession, res: ServerResponse): void {
  onHeaders(res, () => {
    try {
      void commitLate(session, res)?.catch(warnOfUpgrade);
    } catch (error) {
      warnOfUpgrade(error);
    }
  });
}

const warnOfUpgrade = (error: unknown): void =>
  warnOnce('GATEHOUSE_UPGRADE', `Changes of a session during the upgrade of a connection could not be stored: ${String(error)}`);
