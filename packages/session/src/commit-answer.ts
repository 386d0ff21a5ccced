import type { ServerResponse } from 'node:http';
import onHeaders from 'on-headers';
import type { LiveSession } from './live-session.ts';
import { warnOnce } from './warn-once.ts';

/** What was changed before the first byte; else, after a slow request, whether its cookie is still the newest. */
export function commitBefore(session: LiveSession, res: ServerResponse): Promise<void> | undefined {
  // A 5xx stores nothing of what its request changed.
  if (res.statusCode >= 500) session.rollback();
  return session.isModified() ? session.commitOrThrow() : session.confirmCookie();
}

/** What was changed after the headers had left. */
export function commitLate(session: LiveSession, res: ServerResponse): Promise<void> | undefined {
  if (res.statusCode >= 500) session.rollback();
  if (!session.isModified()) return undefined;
  if (session.isStored) return session.commitOrThrow();
  session.rollback();
  warnOnce(
    'GATEHOUSE_LATE_SESSION',
    'Data was put into a new session after the headers of the answer had left, so it could not be stored: nobody would have its cookie. Change the session before the first byte is written.',
  );
  return undefined;
}

/** Socket.IO's upgrade does not wait: what its middleware changed is stored beside it, and a new session has nobody to give its cookie to. */
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
  warnOnce('GATEHOUSE_UPGRADE', `What was put into a session while a connection was upgraded could not be stored: ${String(error)}`);
